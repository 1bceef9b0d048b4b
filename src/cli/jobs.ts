import { Command } from 'commander';
import { JobRunner } from '../infrastructure/job-runner.js';
import { attached, print } from './attached.js';

export const jobsCommand = (): Command =>
  new Command('jobs')
    .description('scheduled jobs')
    .addCommand(
      new Command('list').description('every job, when it ran and when it is due, as NDJSON').action(() =>
        attached(async (container) => {
          for (const job of await container.get(JobRunner).status()) print(JSON.stringify(job));
        }),
      ),
    )
    .addCommand(
      new Command('run')
        .description('run a job now')
        .argument('<name>', 'as `annal jobs list` names it')
        .action((name: string) => attached((container) => container.get(JobRunner).trigger(name))),
    );
