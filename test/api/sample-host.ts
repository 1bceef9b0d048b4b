import { Registry } from 'prom-client';
import { Cors } from '../../src/api/answer/cors.js';
import { Cursors } from '../../src/api/request/cursors.js';
import { Gate } from '../../src/api/access/gate.js';
import type { TenantId } from '../../src/domain/values.js';
import { MemoryVault } from '../support/memory-vault.js';
import { HttpApplication } from '../../src/api/server/http-application.js';
import { HttpMetrics } from '../../src/api/server/http-metrics.js';
import { HttpServer } from '../../src/api/server/http-server.js';
import type { HttpSettings } from '../../src/api/server/http-settings.js';
import { IdempotentRuns } from '../../src/api/server/idempotent-runs.js';
import { Pipeline } from '../../src/api/server/pipeline.js';
import type { TlsFiles } from '../../src/api/server/tls-files.js';
import type { Vault } from '../../src/application/ports/vault.js';
import type { Idempotency } from '../../src/application/ports/idempotency.js';
import { openApiDocument } from '../../src/api/openapi/document.js';
import { MetricsAccess } from '../../src/api/operations/metrics-access.js';
import { operationsRoutes } from '../../src/api/operations/routes.js';
import type { OperationsServices } from '../../src/api/operations/services.js';
import type { Route } from '../../src/api/route.js';
import { type SampleServices, sampleRoutes } from './sample-routes.js';
import * as fakes from './sample-service.js';

type AllServices = SampleServices & OperationsServices;

export const allRoutes: readonly Route<AllServices>[] = [...sampleRoutes, ...operationsRoutes];

/** The sample routes on a real socket, with every port in memory. */
export class SampleHost {
  readonly tenants = new fakes.SampleTenants();
  readonly rateLimits = new fakes.SampleRateLimits();
  readonly freshness = new fakes.SampleFreshness();
  readonly readModels = new fakes.SampleReadModels();
  readonly log = new fakes.SampleLog();
  readonly registry = new Registry();
  readonly readiness = new fakes.SampleReadiness();
  readonly services: AllServices & { before: () => Promise<void>; endlessEnded: Promise<void> };
  readonly settings: HttpSettings;
  readonly server: HttpServer;
  url = '';
  port = 0;

  constructor(
    idempotency: Idempotency = new fakes.SampleIdempotency(),
    private readonly vault: Vault = new MemoryVault(),
    settings: Partial<HttpSettings> = {},
    tls?: TlsFiles,
  ) {
    this.settings = { origin: 'https://id.example.com', trustedProxies: [], ...settings };
    const metrics = new HttpMetrics(this.registry);
    let endEndless = (): void => undefined;
    const endlessEnded = new Promise<void>((resolve) => {
      endEndless = resolve;
    });
    this.services = {
      effects: [],
      endEndless,
      endlessEnded,
      before: async () => undefined,
      readiness: this.readiness,
      metrics,
      metricsAccess: new MetricsAccess(undefined),
      apiDescription: () => JSON.stringify(openApiDocument(allRoutes, this.settings.origin, '0.1.0')),
    };
    const pipeline = new Pipeline<AllServices>(
      this.services,
      new Gate(this.tenants, new fakes.SampleAuthenticator(), this.rateLimits, this.settings),
      new IdempotentRuns(idempotency, this.log, this.settings),
      new Cursors(vault),
      this.freshness,
      this.readModels,
      new fakes.SampleClock(),
      new fakes.SampleEntropy(),
      this.settings,
    );
    const application = new HttpApplication(
      allRoutes,
      pipeline,
      new Cors(this.tenants),
      metrics,
      this.log,
      new fakes.SampleEntropy(),
      this.settings,
    );
    const listening = { host: '127.0.0.1', port: 0, origin: this.settings.origin };
    this.server = new HttpServer(
      application,
      { ...listening, ...(tls && { tls }) },
      this.log,
      new fakes.SampleEntropy(),
    );
  }

  async start(): Promise<void> {
    for (const tenant of Object.values(fakes.tenantIds)) await this.vault.createTenant(tenant as TenantId);
    const { port } = await this.server.start();
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  stop(): Promise<void> {
    return this.server.stop(100);
  }

  /** A request as a client of the tenant `acme` would send it. */
  request(
    method: string,
    path: string,
    options: RequestInit & { token?: string; json?: unknown } = {},
  ): Promise<Response> {
    const { token, json, headers, ...rest } = options;
    return fetch(this.url + path, {
      method,
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      ...rest,
      headers: {
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(headers as Record<string, string> | undefined),
      },
    });
  }
}

export const userToken = 'acme:ada:user';
export const adminToken = 'acme:ada:admin';
export const systemToken = 'system:root:admin';
export const people = '/t/acme/api/v1/people';
