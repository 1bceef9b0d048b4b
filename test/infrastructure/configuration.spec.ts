import { expect } from 'chai';
import { loadConfiguration } from '../../src/infrastructure/configuration.js';
import { configurationDocument, reportConfiguration } from '../../src/infrastructure/configuration/report.js';
import { settings } from '../../src/infrastructure/configuration/settings.js';

const noFile = (): string => {
  throw new Error('no such file');
};
const load = (environment: Record<string, string> = {}, files: Record<string, string> = {}) =>
  loadConfiguration(environment, (path) => files[path] ?? noFile());
const loaded = (environment: Record<string, string> = {}, files: Record<string, string> = {}) => {
  const result = load(environment, files);
  if ('problems' in result) throw new Error(result.problems.join('\n'));
  return result;
};
const problemsOf = (environment: Record<string, string>, files: Record<string, string> = {}) => {
  const result = load(environment, files);
  return 'problems' in result ? result.problems : [];
};

describe('configuration', () => {
  it('needs nothing: a fresh checkout runs on loopback, in development', () => {
    const { configuration } = loaded();
    expect(configuration).to.include({
      host: '127.0.0.1',
      port: 4000,
      publicUrl: 'http://localhost:4000',
      environment: 'development',
      eventLog: 'postgres',
      data: './data',
    });
    expect(configuration.roles).to.deep.equal(['api', 'projector', 'outbox', 'jobs']);
    expect(configuration.databaseUrl).to.equal(undefined);
  });

  it('takes a variable before the file, and the file before the default', () => {
    const files = { '/etc/annal.json': '{"port": 5000, "logLevel": "warn", "trustedProxies": ["10.0.0.0/8", "::1"]}' };
    const { configuration, origins } = loaded({ ANNAL_CONFIG: '/etc/annal.json', ANNAL_PORT: '6000' }, files);
    expect(configuration).to.include({ port: 6000, logLevel: 'warn', host: '127.0.0.1' });
    expect(configuration.trustedProxies).to.deep.equal(['10.0.0.0/8', '::1']);
    expect(origins).to.include({ port: 'environment', logLevel: 'file', host: 'default' });
  });

  it('reports everything that is wrong at once, misspelt names included, and quotes no value', () => {
    const secret = 'hunter2-hunter2';
    const problems = problemsOf({
      ANNAL_PROT: '1',
      ANNAL_PORT: 'x',
      ANNAL_ADMIN: secret,
      DATABASE_URL: secret,
      ANNAL_ROLES: 'api,cook',
    });
    expect(problems).to.deep.equal([
      'ANNAL_PROT is not a setting',
      'ANNAL_PORT must be a whole number from 1 to 65535',
      'DATABASE_URL must be a URL that begins with postgres or postgresql',
      'ANNAL_ROLES must be a list of api, projector, outbox, jobs',
      'ANNAL_ADMIN must be an e-mail address, a colon and a password',
    ]);
    const broken = problemsOf({ ANNAL_CONFIG: 'f' }, { f: `{"rootKey": "${secret}", "prot": 1, "host": {}` });
    expect([...problems, ...broken].join()).not.to.contain(secret);
  });

  it('refuses an http public URL outside this machine', () => {
    expect(problemsOf({ ANNAL_PUBLIC_URL: 'http://id.example.com' })).to.include(
      'ANNAL_PUBLIC_URL must be https, except on localhost',
    );
    expect(problemsOf({ ANNAL_PUBLIC_URL: 'http://localhost.example.com' })).to.have.length(2);
    expect(problemsOf({ ANNAL_HOST: '0.0.0.0' })).to.have.length(1);
    expect(problemsOf({ ANNAL_HOST: '0.0.0.0', ANNAL_ENV: 'development' })).to.deep.equal([]);
    expect(problemsOf({ ANNAL_ENV: 'production' })).to.include(
      'ANNAL_ENV cannot be production while the public URL is http',
    );
    for (const host of ['localhost', '127.0.0.1:9', '[::1]:4000', 'annal.localhost']) {
      expect(problemsOf({ ANNAL_PUBLIC_URL: `http://${host}` }), host).to.deep.equal([]);
    }
  });

  it('serves production behind a proxy or with a certificate of its own', () => {
    const smtp = 'smtps://user:pass@mail.example.com';
    const { configuration } = loaded({
      ANNAL_PUBLIC_URL: 'https://id.example.com/',
      ANNAL_HOST: '0.0.0.0',
      ANNAL_SMTP: smtp,
    });
    expect(configuration).to.include({ environment: 'production', publicUrl: 'https://id.example.com' });
    expect(problemsOf({ ANNAL_TLS_CERT: 'c.pem' })).to.include(
      'ANNAL_TLS_CERT and ANNAL_TLS_KEY are set together or not at all',
    );
  });

  it('reads secrets from files, and never prints one', () => {
    const url = 'postgres://annal:canary-secret@db/annal';
    const { configuration, origins } = loaded(
      { DATABASE_URL_FILE: '/run/secrets/db' },
      { '/run/secrets/db': `${url}\n` },
    );
    expect(configuration.databaseUrl).to.equal(url);
    const printed = reportConfiguration(configuration, origins);
    expect(printed)
      .to.match(/^DATABASE_URL +\(secret\) +environment$/m)
      .and.to.match(/^ANNAL_PORT +4000 +default$/m);
    expect(printed).not.to.contain('canary-secret');
  });

  it('knows clusters, budgets and proxies by their form', () => {
    const { configuration } = loaded({
      ANNAL_EVENT_LOG: 'eventstoredb',
      ANNAL_EVENTSTORE: 'esdb://admin:changeit@one:2113,two:2113,three:2113?tls=true',
      ANNAL_RATE_LIMITS: 'mail=5/60, sign-in=9/30',
    });
    expect(configuration.rateLimits).to.deep.equal({
      mail: { points: 5, seconds: 60 },
      'sign-in': { points: 9, seconds: 30 },
    });
    expect(problemsOf({ ANNAL_TRUSTED_PROXIES: '10.0.0.0/33' })).to.have.length(1);
    expect(problemsOf({ ANNAL_EVENT_LOG: 'eventstoredb' })).to.have.length(1);
  });

  it('has a reference with every setting', () => {
    for (const { variable } of Object.values(settings))
      expect(configurationDocument()).to.contain(`| \`${variable}\` |`);
  });
});
