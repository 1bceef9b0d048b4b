import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import Mocha from 'mocha';

const shownFiles = 12;

/** Mocha's own report, which also names the files that took longest and keeps the counts in the file that the option `file` names. */
export default class Tally extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const { file } = options.reporterOptions;
    const note = (ended) =>
      writeFileSync(file, JSON.stringify({ passed: this.stats.passes, failed: this.stats.failures, ended }));
    runner.on('pass', () => note(false));
    runner.on('fail', () => note(false));
    const durations = durationsOfFiles(runner);
    runner.once('end', () => {
      // A spec that ends the process ends the run as well, with whatever status it likes.
      note(true);
      showLongest(durations);
    });
  }
}

// Hooks count as well: a file's time is that of its outermost suites.
function durationsOfFiles(runner) {
  const durations = new Map();
  const starts = new Map();
  runner.on('suite', (suite) => {
    if (suite.parent?.root) starts.set(suite, performance.now());
  });
  runner.on('suite end', (suite) => {
    if (!starts.has(suite)) return;
    const milliseconds = performance.now() - starts.get(suite);
    durations.set(suite.file, (durations.get(suite.file) ?? 0) + milliseconds);
  });
  return durations;
}

function showLongest(durations) {
  if (durations.size <= shownFiles) return;
  const longest = [...durations].sort(([, one], [, other]) => other - one).slice(0, shownFiles);
  console.log('The files that took longest:');
  for (const [file, milliseconds] of longest)
    console.log(`${(milliseconds / 1000).toFixed(1).padStart(7)} s  ${relative('dist', file)}`);
}
