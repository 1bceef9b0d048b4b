import { randomUUID } from 'node:crypto';
import type { LoadAdministrator } from './load-administrator.js';
import { setTimeout as pause } from 'node:timers/promises';
import { type LoadAnswer, type LoadClient, type LoadRequest, lockedOut } from './load-client.js';

const api = '/t/default/api/v1';

type Tokens = Readonly<{ accessToken: string; refreshToken: string; session: string; user: string }>;
type Session = Tokens & Readonly<{ grant: string; generation: number }>;
type Dead = Readonly<{ tokens: Tokens; since: string }>;

/** Passwords here are hexadecimal, and one that holds a part of its owner's address or name is refused. */
const unlikeAnyPassword = (): string =>
  randomUUID().replace(/[0-9a-f]/g, (digit) => String.fromCharCode(103 + Number.parseInt(digit, 16)));

/** Milliseconds between two tries of somebody who is locked out. */
const betweenTries = 200;

/** Between 0 and 1. */
export type Random = () => number;

const grantOf = (accessToken: string): string => {
  const payload = accessToken.split('.')[1] ?? '';
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { gid: string }).gid;
};

/** One person who goes through an account's life again and again, and keeps a history of what was acknowledged. */
export class LoadPerson {
  private user = '';
  private readonly email = `load-${unlikeAnyPassword()}@example.com`;
  private password = `a ${randomUUID()}`;
  private session: Session | undefined;
  /** Tokens of sessions whose end was acknowledged. */
  private readonly dead: Dead[] = [];

  constructor(
    private readonly client: LoadClient,
    private readonly administrator: LoadAdministrator,
    private readonly random: Random,
  ) {}

  async live(lives: () => boolean): Promise<void> {
    await this.register();
    while (lives()) {
      if (this.session === undefined) await this.signIn();
      else await this.act(this.session);
    }
  }

  private async act(session: Session): Promise<void> {
    const chance = this.random();
    if (chance < 0.3) return this.refresh(session);
    if (chance < 0.65) return this.changeProfile(session);
    if (chance < 0.8) return this.signOut(session);
    if (chance < 0.85) return this.changePassword(session);
    if (chance < 0.9) return this.endEverywhere(session);
    if (chance < 0.95) return this.wantWhatOthersWant();
    return this.useWhatIsDead();
  }

  private async register(): Promise<void> {
    const body = { email: this.email, password: this.password, verified: true, firstName: 'Grace' };
    const { status, body: made } = await this.administrator.send({ method: 'POST', path: '/users', body });
    if (status !== 201) return this.history.violated(`registration answered ${status} ${JSON.stringify(made)}`);
    this.user = made['id'] as string;
    this.history.expect('once', `user.registered ${this.user}`, `credentials.password-set ${this.user}`);
  }

  private async signIn(): Promise<void> {
    const body = { identifier: this.email, password: this.password };
    const answer = await this.prove(post('/sign-in', body));
    const tokens = answer.body['tokens'] as Tokens | undefined;
    if (answer.status !== 200 || !tokens) return this.history.violated(`sign-in answered ${shown(answer)}`);
    this.begin(tokens);
    this.history.expect('once', `signin.succeeded ${tokens.session}`);
  }

  /** A try whose process died counts as a wrong one, so that people are locked out now and then; another try is another request. */
  private async prove(request: LoadRequest): Promise<LoadAnswer> {
    for (;;) {
      const answer = await this.client.send(request);
      if (answer.code !== lockedOut) return answer;
      await pause(betweenTries);
    }
  }

  private begin(tokens: Tokens): void {
    this.session = { ...tokens, grant: grantOf(tokens.accessToken), generation: 1 };
    this.history.expect('once', `session.started ${tokens.session}`, `grant.given ${this.session.grant}`);
  }

  /** Sent twice, a refresh token ends its family, so that a lost answer may end the session. */
  private async refresh(session: Session, alive = true): Promise<void> {
    const { refreshToken, grant, generation } = session;
    const answer = await this.client.send(post('/tokens/refresh', { refreshToken }));
    const fact = `grant.refreshed ${grant} ${generation + 1}`;
    if (answer.status === 200) {
      this.history.expect('once', fact);
      this.session = { ...(answer.body as unknown as Tokens), grant, generation: generation + 1 };
      return;
    }
    if (answer.status !== 400 || (alive && answer.tries === 1))
      this.history.violated(`refresh answered ${shown(answer)}`);
    this.history.expect('at-most-once', fact, `session.ended ${session.session}`);
    this.session = undefined;
  }

  private async changeProfile(session: Session): Promise<void> {
    const lastName = `L${unlikeAnyPassword()}`;
    const answer = await this.client.send({
      method: 'PATCH',
      path: `${api}/me`,
      body: { lastName },
      token: session.accessToken,
    });
    if (answer.status === 401) return this.renewed(session, `user.profile-changed ${lastName}`);
    if (answer.status !== 200) return this.history.violated(`a change of the profile answered ${shown(answer)}`);
    this.history.expect('once', `user.profile-changed ${lastName}`);
  }

  private async signOut(session: Session): Promise<void> {
    const answer = await this.client.send(post('/sign-out', undefined, session.accessToken));
    const fact = `session.ended ${session.session}`;
    if (answer.status === 401) return this.renewed(session, fact);
    if (answer.status !== 204) return this.history.violated(`sign-out answered ${shown(answer)}`);
    this.history.expect('once', fact);
    this.over(session, 'sign-out');
  }

  private async changePassword(session: Session): Promise<void> {
    const password = `a ${randomUUID()}`;
    const body = { current: this.password, password };
    const answer = await this.prove(post('/me/password', body, session.accessToken));
    if (answer.status === 401 && answer.tries === 1) return this.renewed(session);
    if (answer.status === 401) return this.afterLostChange(session, password);
    if (answer.status !== 200) return this.history.violated(`a change of the password answered ${shown(answer)}`);
    this.password = password;
    this.over(session, 'change of the password');
    this.begin(answer.body as unknown as Tokens);
    this.history.expectAnother(`credentials.password-changed ${this.user}`);
  }

  /** All that is known: it may have been done, and if so the old token died of it. */
  private async afterLostChange(session: Session, password: string): Promise<void> {
    const answer = await this.prove(post('/sign-in', { identifier: this.email, password }));
    if (answer.status === 401) return this.renewed(session);
    const tokens = answer.body['tokens'] as Tokens | undefined;
    if (answer.status !== 200 || !tokens) return this.history.violated(`sign-in answered ${shown(answer)}`);
    this.password = password;
    this.over(session, 'change of the password');
    this.history.expectAnother(`credentials.password-changed ${this.user}`);
    this.history.mayHaveStarted(this.user);
    this.begin(tokens);
    this.history.expect('once', `signin.succeeded ${tokens.session}`);
  }

  private async endEverywhere(session: Session): Promise<void> {
    const path = `/users/${this.user}/revoke-sessions`;
    const { status, body } = await this.administrator.send({ method: 'POST', path });
    if (status !== 204) return this.history.violated(`ending all sessions answered ${status} ${JSON.stringify(body)}`);
    this.history.expectAnother(`user.sessions-revoked ${this.user}`);
    this.over(session, 'end of all sessions');
  }

  /** The access token was too old, or the session is over: a refresh tells which. */
  private async renewed(session: Session, perhaps?: string): Promise<void> {
    if (perhaps !== undefined) this.history.expect('at-most-once', perhaps);
    await this.refresh(session, false);
  }

  private over(tokens: Tokens, since: string): void {
    this.session = undefined;
    this.dead.push({ tokens, since });
  }

  /** One address for whoever asks at about the same time. */
  private async wantWhatOthersWant(): Promise<void> {
    const email = `wanted-${Math.floor(this.history.acknowledged / 50)}@example.com`;
    const winners = this.history.winners.get(email) ?? [];
    this.history.winners.set(email, winners);
    const body = { email, password: this.password, verified: true };
    const answer = await this.administrator.send({ method: 'POST', path: '/users', body });
    if (answer.status === 409 && answer.code === 'identifier-taken') return;
    if (answer.status !== 201) return this.history.violated(`registration answered ${shown(answer)}`);
    const user = answer.body['id'] as string;
    winners.push(user);
    this.history.expect('once', `user.registered ${user}`, `credentials.password-set ${user}`);
  }

  private async useWhatIsDead(): Promise<void> {
    const one = this.dead[Math.floor(this.random() * this.dead.length)];
    if (one === undefined) return;
    const { accessToken: token, refreshToken } = one.tokens;
    const read = await this.client.send({ method: 'GET', path: `${api}/me`, token });
    const refreshed = await this.client.send(post('/tokens/refresh', { refreshToken }));
    if (read.status === 200 || refreshed.status === 200) this.history.violated(`a token works after ${one.since}`);
  }

  private get history() {
    return this.client.history;
  }
}

const post = (path: string, body?: object, token?: string): LoadRequest => ({
  method: 'POST',
  path: api + path,
  ...(body && { body }),
  ...(token !== undefined && { token }),
});

const shown = ({ status, code, tries }: LoadAnswer): string => `${status} ${code} at try ${tries}`;
