import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { loadConfiguration } from '../infrastructure/configuration.js';
import { reportConfiguration } from '../infrastructure/configuration/report.js';
import { print } from './attached.js';

export const configurationCommand = (): Command =>
  new Command('config')
    .description('print the effective configuration and where each value comes from; secrets stay hidden')
    .action(() => {
      const loaded = loadConfiguration(process.env, (path) => readFileSync(path, 'utf8'));
      if ('problems' in loaded)
        throw new Error(`the configuration cannot be used:\n${loaded.problems.map((one) => `  - ${one}`).join('\n')}`);
      print(reportConfiguration(loaded.configuration, loaded.origins));
    });
