import { expect } from 'chai';
import type { TextMessage } from '../../src/application/ports/mail-transport.js';
import type { TenantId, UserId } from '../../src/domain/values.js';
import {
  DevelopmentTextMessageTransport,
  PostgresDevelopmentMailbox,
} from '../../src/infrastructure/development-mailbox.js';
import { SystemClock } from '../../src/infrastructure/system-clock.js';
import { migratedDatabase } from '../support/vault-fixtures.js';

const message = (number: number): TextMessage => ({
  id: `018f6b1e-0000-5000-8000-${String(number).padStart(12, '0')}`,
  tenant: 'acme' as TenantId,
  user: 'ada' as UserId,
  kind: 'verify-phone',
  to: `+4930${number}`,
  code: '123456',
  text: `message ${number}`,
});

describe('the development mailbox', () => {
  it('keeps the newest messages, each once', async () => {
    const { database, close } = await migratedDatabase();
    const mailbox = new PostgresDevelopmentMailbox(database.pool, new SystemClock(), 3);
    const transport = new DevelopmentTextMessageTransport(mailbox);
    for (const number of [1, 2, 3, 4, 5, 5]) await transport.send(message(number));

    expect((await mailbox.list(10)).map(({ text }) => text)).to.deep.equal(['message 5', 'message 4', 'message 3']);
    expect((await mailbox.list(10, '+49304')).map(({ text }) => text)).to.deep.equal(['message 4']);
    expect(await mailbox.get(message(5).id)).to.deep.include({ channel: 'text-message', code: '123456', to: '+49305' });
    expect(await mailbox.get(message(1).id)).to.equal(undefined);
    expect(await mailbox.get("' or 1=1")).to.equal(undefined);
    await close();
  });
});
