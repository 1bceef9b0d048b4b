import '../thread-pool.js';
import { Command } from 'commander';
import { run } from '../main.js';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const program = new Command('annal').description('Event-sourced identity service.');

program
  .command('start', { isDefault: true })
  .description('run the service')
  .action(async () => {
    process.exitCode = await run(say);
  });

await program.parseAsync();
