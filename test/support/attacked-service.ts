import { type AllServices, routes } from '../../src/api/routes.js';
import { type Mount, mountsOf } from '../../src/api/server/mounting.js';
import { Annal, type Answer } from './annal.js';
import { newPerson, root } from './people.js';

export type AnyMount = Mount<AllServices>;

/** Every route at every path that it has. */
export const mounts: readonly AnyMount[] = routes.flatMap((route) => mountsOf(route));

const known: Readonly<Record<string, string>> = {
  tenant: 'default',
  kind: 'verify-email',
  locale: 'en',
  code: 'not-found',
};

/** `id` stands where the path names anything but what is there in every installation. */
export const pathOf = ({ path }: Pick<AnyMount, 'path'>, id: string): string =>
  path.replaceAll(/:(\w+)/g, (_, name: string) => known[name] ?? encodeURIComponent(id));

/** A service with an administrator of its tenant `default`, whose every route can be sent to. */
export class AttackedService {
  private constructor(
    readonly annal: Annal,
    /** Of an installation administrator. */
    readonly system: string,
    /** Of the administrator of `default`. */
    readonly admin: string,
  ) {}

  static async start(): Promise<AttackedService> {
    const annal = await Annal.start();
    const system = await root(annal);
    const { user, accessToken } = await newPerson(annal);
    const path = `/api/v1/tenants/default/users/${user}/appoint-administrator`;
    const { status, text } = await annal.call('POST', path, { token: system });
    if (status !== 204) throw new Error(`appointment answered ${status} ${text}`);
    return new AttackedService(annal, system, accessToken);
  }

  stop(): Promise<void> {
    return this.annal.stop();
  }

  get port(): number {
    return Number(new URL(this.annal.url).port);
  }

  tokenFor({ issuer }: AnyMount): string {
    return { path: this.admin, system: this.system }[issuer];
  }

  /** By somebody who may, in the form that the route takes. */
  send({ route, ...mount }: AnyMount, path: string, body?: object): Promise<Answer<unknown>> {
    const isForm = route.body?.mediaType === 'application/x-www-form-urlencoded';
    return this.annal.call(route.method.toUpperCase(), path, {
      ...(body && (isForm ? { form: body as Record<string, string> } : { body })),
      ...(route.access !== 'public' && { token: this.tokenFor({ route, ...mount }) }),
    });
  }
}
