// Checks the imports of a project folder (here by default) against .dependency-cruiser.mjs, one line per violation or warning.
// Fails as well when no module was found: a check of nothing is no check.
import { cruise } from 'dependency-cruiser';
import config from '../../.dependency-cruiser.mjs';

const [folder = '.'] = process.argv.slice(2);
process.chdir(folder);

const { forbidden, options } = config;
const { output } = await cruise(['src', 'test'], { ...options, validate: true, ruleSet: { forbidden } });
const { violations } = output.summary;
const own = output.modules.filter(({ source }) => /^(src|test)\//.test(source));

for (const { rule, from, to, cycle } of violations) {
  const path = cycle ? [from, ...cycle.map(({ name }) => name)].join(' → ') : from === to ? from : `${from} → ${to}`;
  console.log(`${rule.severity === 'error' ? '' : 'warning: '}${rule.name}: ${path}`);
}
if (own.length === 0) console.log('no-modules: nothing was found under src and test');
if (violations.some(({ rule }) => rule.severity === 'error') || own.length === 0) process.exitCode = 1;
else console.log(`${own.length} modules`);
