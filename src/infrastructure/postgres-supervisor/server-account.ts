import { execFileSync } from 'node:child_process';
import { closeSync, openSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The operating-system account PostgreSQL runs under: our own, or, as root, another one that exists already. */
export type ServerAccount = Readonly<{ kind: 'own' }> | Readonly<{ kind: 'other'; uid: number; gid: number }>;

const READ = 0o4;
const PASS = 0o1;

/**
 * PostgreSQL refuses to run as root. Then the owner of an existing cluster runs it, else `postgres`, else `nobody`;
 * no account is ever created.
 * @throws Error when running as root and no such account exists.
 */
export function serverAccount(clusterDirectory: string): ServerAccount {
  if (process.getuid?.() !== 0) return { kind: 'own' };

  const owner = statSync(clusterDirectory, { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid !== 0) return { kind: 'other', uid: owner.uid, gid: owner.gid };

  const account = lookUp('postgres') ?? lookUp('nobody');
  if (account !== undefined) return account;

  throw new Error(
    'PostgreSQL does not run as root, and this machine has neither a "postgres" nor a "nobody" account. ' +
      'Start Annal as an ordinary user, or set DATABASE_URL to use another server.',
  );
}

/** What `spawn` needs to run a program under the account. */
export function spawnIdentity(account: ServerAccount): { uid?: number; gid?: number } {
  // spawn takes signed 32-bit numbers, chown unsigned ones: macOS gives `nobody` the id 4294967294.
  return account.kind === 'own' ? {} : { uid: account.uid | 0, gid: account.gid | 0 };
}

/** Only what PostgreSQL needs: our own environment may hold keys, and PG* variables would change its behaviour. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SystemRoot', 'TEMP', 'TMP'].map((name) => [name, process.env[name]] as const);

  return { ...Object.fromEntries(kept.filter(([, value]) => value !== undefined)), LC_ALL: 'C', TZ: 'UTC' };
}

/** Whether the account may pass through an existing directory and all above it. Access lists are not looked at. */
export function canReach(account: ServerAccount, directory: string): boolean {
  if (account.kind === 'own') return true;

  for (let place = realpathSync(directory); ; place = dirname(place)) {
    if (!grants(account, place, PASS)) return false;
    if (place === dirname(place)) return true;
  }
}

/** Whether the account may read an existing file. */
export function canRead(account: ServerAccount, file: string): boolean {
  return account.kind === 'own' || (canReach(account, dirname(file)) && grants(account, file, READ));
}

/**
 * Calls `use` with a name of the cluster that the account can open, and descriptors to hand over from number 3 on. When
 * the account may not pass through the directories above the cluster (a project in /root), that name is an open
 * descriptor, which needs no path; PostgreSQL changes into the directory and stays there.
 * @throws Error where there is no such way (other systems than Linux).
 */
export function withDirectory<Result>(
  cluster: string,
  account: ServerAccount,
  use: (path: string, descriptors: readonly number[]) => Result,
): Result {
  if (canReach(account, cluster)) return use(cluster, []);
  if (process.platform !== 'linux') {
    throw new Error(
      `PostgreSQL does not run as root, and the account it runs under cannot reach ${cluster}. ` +
        'Set ANNAL_DATA to a directory outside private folders, or start Annal as an ordinary user.',
    );
  }

  const descriptor = openSync(cluster, 'r');
  try {
    return use('/proc/self/fd/3', [descriptor]);
  } finally {
    closeSync(descriptor);
  }
}

function grants(account: Readonly<{ uid: number; gid: number }>, path: string, right: number): boolean {
  const { mode, uid, gid } = statSync(path);
  const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;

  return (mode & (right << shift)) !== 0;
}

function lookUp(name: string): ServerAccount | undefined {
  const ask = (flag: string): number =>
    Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) >>> 0;
  try {
    const [uid, gid] = [ask('-u'), ask('-g')];

    return uid === 0 ? undefined : { kind: 'other', uid, gid };
  } catch {
    return undefined;
  }
}
