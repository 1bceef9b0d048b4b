import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { loadConfiguration } from '../../src/infrastructure/configuration.js';

type Service = Readonly<{
  image: string;
  profiles?: readonly string[];
  environment?: Readonly<Record<string, string>>;
  ports?: readonly string[];
  volumes?: readonly string[];
  depends_on?: Readonly<Record<string, { condition: string }>>;
  healthcheck?: Readonly<{ test: readonly string[] }>;
}>;

/** With the values that hold where nobody sets a variable. */
const text = readFileSync('docker-compose.yml', 'utf8').replace(/\$\{\w+:-([^}]*)\}/g, '$1');
const compose = parse(text, { merge: true }) as {
  services: Readonly<Record<string, Service>>;
  volumes: Readonly<Record<string, null>>;
};
const services = Object.entries(compose.services);

const dockerfile = readFileSync('Dockerfile', 'utf8').replaceAll('\\\n', '');
const finalStage = dockerfile.slice(dockerfile.lastIndexOf('FROM '));

/** Services by name; fails where there is none. */
const service = (name: string): Service => {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`no service ${name}`);

  return found;
};

/** What `ENV` sets in the image. */
const imageEnvironment = Object.fromEntries(
  [...finalStage.matchAll(/^ENV (.*)$/gm)].flatMap(([, pairs = '']) => pairs.split(' ').map((pair) => pair.split('='))),
) as Record<string, string>;

describe('docker-compose.yml', () => {
  for (const [name, { image, ports = [], volumes = [], depends_on: needs = {}, profiles }] of services) {
    it(`${name}: a pinned image, or the one that is built here`, () => {
      expect(image).to.match(/^annal$|^[\w./-]+:v?\d+\.\d+(\.\d+)?(-\w+)?$/);
    });

    it(`${name}: is reached from this machine only`, () => {
      for (const port of ports) expect(port).to.match(/^127\.0\.0\.1:\d+:\d+$/);
    });

    it(`${name}: waits for services that can be waited for`, () => {
      for (const [needed, { condition }] of Object.entries(needs)) {
        const { healthcheck, profiles: theirs } = service(needed);
        expect(condition).to.equal(healthcheck === undefined ? 'service_completed_successfully' : 'service_healthy');
        // A service that starts needs no profile that does not.
        if (theirs !== undefined) expect(profiles).to.deep.equal(theirs);
      }
    });

    it(`${name}: keeps its data in declared volumes`, () => {
      for (const volume of volumes) expect(compose.volumes).to.have.property(volume.split(':')[0] ?? '');
    });
  }

  it('declares no volume that nobody uses', () => {
    const used = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0]));

    expect(Object.keys(compose.volumes)).to.have.members([...new Set(used)]);
  });

  for (const [name, store] of [
    ['annal', /^esdb:\/\/eventstoredb:2113\?tls=false$/],
    ['annal-tls', /^esdb:\/\/admin:changeit@eventstoredb-tls:2113\?tls=true&tlsCAFile=\/authority\/ca\/ca\.crt$/],
  ] as const) {
    it(`${name}: has a configuration that the service takes`, () => {
      const { environment = {} } = service(name);

      const loaded = loadConfiguration({ ...imageEnvironment, ...environment }, () => '');

      if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
      expect(loaded.configuration).to.include({
        environment: 'development',
        host: '0.0.0.0',
        publicUrl: 'http://localhost:4000',
        data: '/data',
        eventLog: 'eventstoredb',
      });
      expect(loaded.configuration.eventStore).to.match(store);
    });
  }

  it('gives the service and the servers the same names, users and passwords', () => {
    const {
      POSTGRES_USER: user,
      POSTGRES_PASSWORD: password,
      POSTGRES_DB: database,
    } = service('postgres').environment ?? {};

    for (const name of ['annal', 'annal-tls']) {
      expect(service(name).environment).to.include({
        DATABASE_URL: `postgresql://${user}:${password}@postgres:5432/${database}`,
        ANNAL_SMTP: 'smtp://mailpit:1025?tls=off',
      });
    }
    expect(service('eventstoredb-tls').environment).to.include({ EVENTSTORE_DEFAULT_ADMIN_PASSWORD: 'changeit' });
  });
});

describe('the container image', () => {
  it('runs without privileges, keeps its data in a volume, and can be asked how it is', () => {
    expect(finalStage).to.match(/^USER node$/m);
    expect(finalStage).to.match(/^VOLUME \/data$/m);
    expect(finalStage).to.match(/^EXPOSE 4000$/m);
    expect(finalStage).to.match(/^HEALTHCHECK .*CMD \["node", "bin\/health\.mjs"\]$/m);
    expect(finalStage.indexOf('USER node')).to.be.greaterThan(finalStage.lastIndexOf('COPY '));
  });

  it('is refused by the configuration until somebody says where it is reached', () => {
    const loaded = loadConfiguration(imageEnvironment, () => '');

    expect(loaded).to.have.property('problems');
  });

  it('is built from files that exist and that .dockerignore lets through', () => {
    const letThrough = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'));
    const copied = [...dockerfile.slice(0, dockerfile.lastIndexOf('FROM ')).matchAll(/^COPY (.*) \S+$/gm)].flatMap(
      ([, names = '']) => names.split(' '),
    );

    expect(copied).to.include.members(['package.json', 'src']);
    expect(letThrough.map((line) => line.slice(1))).to.have.members(copied);
  });
});
