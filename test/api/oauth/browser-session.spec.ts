import { expect } from 'chai';
import { Annal, password } from '../../support/annal.js';
import { Browser, overTls } from '../../support/browser.js';
import { admitted, root } from '../../support/people.js';

const day = 86_400;

describe('a browser session', () => {
  let annal: Annal;
  before(async () => (annal = await Annal.start({ foundation: overTls })));
  after(() => annal.stop());

  it('lives on while the person comes by, and ends when they stay away (idle limit: seven days)', async () => {
    const { email } = await admitted(annal, await root(annal));
    const browser = new Browser(annal);
    const who = await browser.open('/t/default/account');
    await browser.press(await browser.press(who, { identifier: email }), { current: password });
    const isIn = async (): Promise<boolean> => (await browser.open('/t/default/account')).html.includes(email);
    for (let visit = 0; visit < 3; visit += 1) {
      annal.clock.advance(5 * day);
      expect(await isIn(), `after ${5 * (visit + 1)} days`).to.equal(true);
    }
    annal.clock.advance(7 * day);
    expect(await isIn(), 'after a week away').to.equal(false);
  });
});
