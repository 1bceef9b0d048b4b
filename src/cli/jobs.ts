import { Command } from 'commander';
import { JobRunner } from '../infrastructure/job-runner.js';
import { attached, printAll } from './attached.js';

export const jobsCommand = (): Command =>
  new Command('jobs')
    .description('scheduled jobs')
    .addCommand(
      new Command('list')
        .description('every job, when it ran and when it is due: a table, or NDJSON into a pipe')
        .action(() =>
          attached(async (container) => {
            printAll(await container.get(JobRunner).status(), ['name', 'nextAt', 'finishedAt', 'outcome', 'affected']);
          }),
        ),
    )
    .addCommand(
      new Command('run')
        .description('run a job now')
        .argument('<name>', 'as `annal jobs list` names it')
        .action((name: string) => attached((container) => container.get(JobRunner).trigger(name))),
    );
