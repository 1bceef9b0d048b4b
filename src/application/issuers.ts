/** Where the tenants of this installation live. Origins come from configuration, never from a request. */
export class Issuers {
  constructor(private readonly publicUrl: string) {}

  /** The issuer identifier of a tenant (OpenID Connect Discovery 1.0 section 3). */
  of(slug: string): string {
    return `${this.publicUrl}/t/${slug}`;
  }
}
