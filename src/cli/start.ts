import { Command } from 'commander';
import { run } from '../main.js';

export const startCommand = (): Command =>
  new Command('start').description('run the service until SIGTERM or SIGINT').action(async () => {
    process.exitCode = await run((text) => void process.stdout.write(`${text}\n`));
  });
