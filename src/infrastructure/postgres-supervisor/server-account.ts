import { execFileSync } from 'node:child_process';
import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The operating-system account PostgreSQL runs under: our own, or, as root, another one that exists already. */
export type ServerAccount = Readonly<{ kind: 'own' }> | Readonly<{ kind: 'other'; uid: number; gid: number }>;

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

/** Whether the account may pass through every directory above (and including, when it is one) an existing path. */
export function canReach(account: ServerAccount, path: string): boolean {
  if (account.kind === 'own') return true;

  for (let place = realpathSync(path); ; place = dirname(place)) {
    const { mode, uid, gid } = statSync(place);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (place === dirname(place)) return true;
  }
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
