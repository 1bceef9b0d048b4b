import '../thread-pool.js';
import { Command } from 'commander';
import { version } from '../composition-root/foundation.js';
import { configurationCommand } from './configuration.js';
import { jobsCommand } from './jobs.js';
import { keysCommand } from './keys.js';
import { logCommand } from './log.js';
import { projectionsCommand, replayCommand } from './projections.js';
import { startCommand } from './start.js';

/** The commands of `annal`. Results go to standard output, progress and problems to standard error. */
const program = new Command('annal')
  .description('Event-sourced identity service. Settings come from the environment: see `annal config`.')
  .version(version)
  .showHelpAfterError()
  .addCommand(startCommand(), { isDefault: true })
  .addCommand(configurationCommand())
  .addCommand(logCommand())
  .addCommand(projectionsCommand())
  .addCommand(replayCommand())
  .addCommand(keysCommand())
  .addCommand(jobsCommand());

// `annal log export | head` closes the pipe when it has enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`annal: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
