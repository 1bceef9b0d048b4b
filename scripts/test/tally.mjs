import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** Mocha's own report, which also keeps the counts in the file that the option `file` names. */
export default class Tally extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const { file } = options.reporterOptions;
    const note = () => writeFileSync(file, JSON.stringify({ passed: this.stats.passes, failed: this.stats.failures }));
    runner.on('pass', note);
    runner.on('fail', note);
  }
}
