import { randomUUID } from 'node:crypto';
import type { LoadAnswer, LoadClient, LoadRequest } from './load-client.js';

export type AdministratorCredentials = Readonly<{ email: string; password: string }>;

/** Administers the tenant `default` for the installation; its tokens end now and then, as the clock leaps. */
export class LoadAdministrator {
  private token: Promise<string> | undefined;

  constructor(
    private readonly client: LoadClient,
    private readonly credentials: AdministratorCredentials,
  ) {}

  /** `path` below the tenant. */
  async send(request: LoadRequest, key: string = randomUUID()): Promise<LoadAnswer> {
    const path = `/api/v1/tenants/default${request.path}`;
    for (;;) {
      this.token ??= this.signIn();
      const used = this.token;
      const answer = await this.client.send({ ...request, path, token: await used }, key);
      if (answer.status !== 401) return answer;
      if (this.token === used) this.token = undefined;
    }
  }

  private async signIn(): Promise<string> {
    const { email: identifier, password } = this.credentials;
    const path = '/t/system/api/v1/sign-in';
    const { body, status } = await this.client.send({ method: 'POST', path, body: { identifier, password } });
    const tokens = body['tokens'] as { accessToken: string } | undefined;
    if (!tokens) throw new Error(`the administrator's sign-in answered ${status} ${JSON.stringify(body)}`);
    return tokens.accessToken;
  }
}
