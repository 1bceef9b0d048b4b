/** What the HTTP layer is told at start. */
export type HttpSettings = Readonly<{
  /** Origin of every link, without a trailing slash: `https://id.example.com`. Never taken from a request. */
  origin: string;
  /** Addresses and CIDR ranges of the proxies in front. */
  trustedProxies: readonly string[];
}>;
