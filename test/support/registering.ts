import type { Annal, Answer } from './annal.js';
import { settle } from './attacking.js';

export type Registered = Readonly<Record<string, unknown>> &
  Readonly<{
    client_id: string;
    client_secret?: string;
    registration_access_token: string;
    registration_client_uri: string;
    error?: string;
    error_description?: string;
  }>;

export const redirectUris = ['https://rp.example.com/callback'];

/** Applications that register themselves at the tenant `default`. */
export class Registering {
  constructor(
    private readonly annal: Annal,
    private readonly origin: string,
  ) {}

  /** Whom the tenant takes. */
  allow(clientRegistration: object): Promise<void> {
    return settle(this.annal, 'default', { clientRegistration });
  }

  async register(body: object, token?: string): Promise<Answer<Registered>> {
    return this.annal.call<Registered>('POST', '/t/default/oauth2/register', {
      body: { redirect_uris: redirectUris, ...body },
      ...(token !== undefined && { token }),
    });
  }

  async made(body: object = {}): Promise<Registered> {
    const { status, body: answered, text } = await this.register(body);
    if (status !== 201) throw new Error(text);
    return answered;
  }

  /** What is done with a registration, by whoever has its token. */
  manage(
    method: 'GET' | 'PUT' | 'DELETE',
    { registration_client_uri: uri }: Pick<Registered, 'registration_client_uri'>,
    token: string | undefined,
    body?: object,
  ): Promise<Answer<Registered>> {
    return this.annal.call<Registered>(method, uri.replace(this.origin, ''), {
      ...(token !== undefined && { token }),
      ...(body && { body }),
    });
  }
}
