import { expect } from 'chai';
import { acme, ada, asked, newcomer, OutboxRig } from './rig.js';

describe('a verification mail in the development mailbox', () => {
  let rig: OutboxRig;
  before(async () => {
    rig = await OutboxRig.make();
    await rig.person(ada, newcomer('ada@example.org'));
  });
  after(() => rig.end());

  it('carries a link and a code that prove the address once', async () => {
    await rig.asked(ada, 'ada@example.org');
    const instance = rig.instance();
    await instance.follow();
    await instance.deliver();

    const [mail, ...others] = await rig.mailbox.list(10, 'ADA@example.org');
    expect(others).to.deep.equal([]);
    expect(mail).to.include({ kind: 'verify-email', to: 'ada@example.org', locale: 'en' });
    expect(mail?.subject).to.equal('Confirm your e-mail address for Acme');
    expect(mail?.text).to.contain(mail?.link).and.to.contain(mail?.code);
    const token = new URL(mail?.link ?? '').searchParams.get('token') ?? '';
    expect(mail?.link).to.equal(`https://id.example.org/t/acme/verify-email?token=${token}`);

    const proof = { tenant: acme, kind: 'verify-email', commandId: 'confirm', at: rig.clock.now() } as const;
    const consumed = await rig.singleUse.consume({ ...proof, token });
    expect(consumed).to.deep.include({ consumed: true, subject: ada, payload: asked('ada@example.org') });
  });
});
