import { expect } from 'chai';
import { LogUnavailable } from '../../../src/application/ports/event-log.js';
import { ControlRow } from '../../../src/infrastructure/event-log/control-row.js';
import { OutdatedInstance } from '../../../src/infrastructure/event-log/outdated-instance.js';
import { newAppend, newStream } from '../../contracts/log-engine/subject.js';
import { type PostgresLogFixture, postgresLog } from '../../support/postgres-log.js';
import { rejection } from '../../support/rejection.js';

describe('the control row', () => {
  let log: PostgresLogFixture;
  let newer: ControlRow;

  beforeEach(async () => {
    log = await postgresLog();
    newer = new ControlRow(log.pool, 'catalogue-2');
  });
  afterEach(() => log.close());

  it('is written by the first instance and by no other', async () => {
    await newer.claim();

    expect(await newer.active()).to.equal('catalogue-1');
  });

  it('lets an instance append only while it names what the instance writes', async () => {
    const engine = await log.another({}, 'catalogue-2');
    const early = await rejection(engine.append(newAppend(newStream(), -1)));
    await newer.advance('catalogue-1');
    await engine.append(newAppend(newStream(), -1));
    const late = await rejection(log.engine.append(newAppend(newStream(), -1)));

    for (const error of [early, late]) expect(error).to.be.instanceOf(OutdatedInstance).and.instanceOf(LogUnavailable);
    expect(late.message).to.equal(
      'this instance is older than the log, or has not advanced it yet: ' +
        'the log is written as catalogue-2, this instance writes as catalogue-1',
    );
    expect(await log.engine.head()).to.equal(1n);
  });

  it('advances while nobody appends, together with what the tail writes', async () => {
    await log.pool.query('create table rebuilt (seen bigint)');
    const during: Promise<unknown>[] = [];
    await newer.advance('catalogue-1', async (client) => {
      during.push(rejection(log.engine.append(newAppend(newStream(), -1))));
      await client.query('insert into rebuilt select count(*) from events');
    });

    expect(await during[0]).to.be.instanceOf(OutdatedInstance);
    expect((await log.pool.query('select seen from rebuilt')).rows).to.deep.equal([{ seen: '0' }]);
  });

  it('stays as it is when the tail fails, and lets appends go on', async () => {
    const error = await rejection(
      newer.advance('catalogue-1', async () => {
        throw new Error('not equal to a refold');
      }),
    );
    await log.engine.append(newAppend(newStream(), -1));

    expect(error.message).to.equal('not equal to a refold');
    expect(await newer.active()).to.equal('catalogue-1');
  });

  it('does not advance from what the log is not written as, and may be told twice', async () => {
    expect(await rejection(newer.advance('catalogue-0'))).to.be.instanceOf(OutdatedInstance);
    await newer.advance('catalogue-1');
    await newer.advance('catalogue-1');

    expect(await newer.active()).to.equal('catalogue-2');
  });
});
