import { expect } from 'chai';
import { PinoLog } from '../../src/infrastructure/pino-log.js';

describe('the operator log', () => {
  const written: string[] = [];
  const log = new PinoLog('info', { write: (line: string) => void written.push(line) });
  const line = (): Record<string, unknown> => JSON.parse(written.at(-1) ?? '') as Record<string, unknown>;

  beforeEach(() => written.splice(0));

  it('VC-29: an attacker puts line breaks, escape codes and JSON into what is logged; one line comes out, and no field is forged', () => {
    const attacks = [
      'a\r\n{"level":"info","event":"forged"}',
      '\u001b[2Jgone',
      '${jndi:ldap://x}',
      '","level":"fatal","x":"',
      '\u2028\u0000',
    ];
    for (const attack of attacks) {
      log.info('request', { route: attack, level: attack, event: attack, time: attack });
      expect(written.at(-1)).to.match(/^[^\r\n\u001b\u0000]*\n$/);
      expect(line()).to.include({ level: 'info', event: 'request', route: attack });
    }
    expect(written).to.have.length(attacks.length);
  });

  it('does not let out what a name gives away', () => {
    log.info('request', {
      authorization: 'canary',
      refreshToken: 'canary',
      userEmail: 'canary',
      setCookie: 'canary',
      body: 'canary',
    });
    expect(written.join()).not.to.contain('canary');
  });

  it('tells an error and its causes without the data that a database or a parser quotes', () => {
    const database = Object.assign(new Error('invalid input syntax for type uuid: "canary"'), {
      severity: 'ERROR',
      routine: 'string_to_uuid',
      code: '22P02',
      detail: 'Key (email)=(canary)',
    });
    let syntax: unknown;
    try {
      JSON.parse('canary');
    } catch (error) {
      syntax = error;
    }
    log.error('request-failed', { id: 'r1' }, new Error('the query failed', { cause: database }));
    const [outer, inner] = line()['errors'] as Record<string, unknown>[];
    expect(outer).to.include({ name: 'Error', message: 'the query failed' });
    expect(inner).to.include({ code: '22P02' });
    expect(outer?.['stack']).to.be.an('array').that.is.not.empty;
    log.warn('odd', {}, syntax);
    log.warn('odd', {}, 'canary');
    expect(written.join()).not.to.contain('canary');
  });
});
