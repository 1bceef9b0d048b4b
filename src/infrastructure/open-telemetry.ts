import { NoTracing, type SpanEnd, Tracing } from '../application/ports/tracing.js';

/** The parts of @opentelemetry/api that are used; the packages are installed by whoever wants traces. */
type Span = Readonly<{
  setAttribute: (name: string, value: string | number | boolean) => void;
  setStatus: (status: Readonly<{ code: number }>) => void;
  end: () => void;
}>;
type Context = Readonly<{ getValue: (key: symbol) => unknown }>;
type Api = Readonly<{
  context: Readonly<{ active: () => Context }>;
  propagation: Readonly<{ extract: (context: Context, carrier: object) => Context }>;
  trace: Readonly<{
    getTracer: (name: string) => Readonly<{
      startActiveSpan: <T>(name: string, options: object, context: Context, work: (span: Span) => T) => T;
    }>;
  }>;
}>;
type Sdk = Readonly<{
  NodeSDK: new (options: object) => Readonly<{ start: () => void; shutdown: () => Promise<void> }>;
}>;

export type StartedTracing = Readonly<{ tracing: Tracing; stop: () => Promise<void> }>;
type Load = (specifier: string) => Promise<unknown>;

const packages = ['@opentelemetry/api', '@opentelemetry/sdk-node'] as const;
const kindServer = 1;
const statusError = 2;

/**
 * Traces over OTLP when `OTEL_EXPORTER_OTLP_ENDPOINT` is set; the SDK reads this and its other variables itself. Nothing is instrumented
 * automatically: what such instrumentation records (addresses, agents, paths, queries) is personal.
 * @throws where it is asked for and the packages are not installed
 */
export async function startTracing(
  environment: Readonly<Record<string, string | undefined>>,
  load: Load = (specifier) => import(specifier) as Promise<unknown>,
): Promise<StartedTracing> {
  if (!environment['OTEL_EXPORTER_OTLP_ENDPOINT']) return { tracing: new NoTracing(), stop: async () => undefined };
  const [api, { NodeSDK }] = await loadPackages(load);
  const sdk = new NodeSDK({ serviceName: environment['OTEL_SERVICE_NAME'] ?? 'annal', instrumentations: [] });
  sdk.start();
  return { tracing: new OpenTelemetryTracing(api), stop: () => sdk.shutdown() };
}

async function loadPackages(load: Load): Promise<readonly [Api, Sdk]> {
  try {
    const [api, sdk] = await Promise.all(packages.map((name) => load(name)));
    return [api as Api, sdk as Sdk];
  } catch (error) {
    const wanted = `OTEL_EXPORTER_OTLP_ENDPOINT is set, but tracing is not installed: npm install ${packages.join(' ')}`;
    throw new Error(wanted, { cause: error });
  }
}

class OpenTelemetryTracing extends Tracing {
  constructor(private readonly api: Api) {
    super();
  }

  span<T>(name: string, headers: object, work: () => Promise<T>, end: (result: T) => SpanEnd): Promise<T> {
    const { context, propagation, trace } = this.api;
    const parent = propagation.extract(context.active(), headers);
    return trace.getTracer('annal').startActiveSpan(name, { kind: kindServer }, parent, async (span) => {
      try {
        const result = await work();
        finish(span, end(result));
        return result;
      } catch (error) {
        span.setStatus({ code: statusError });
        throw error;
      } finally {
        span.end();
      }
    });
  }
}

function finish(span: Span, { attributes, failed }: SpanEnd): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) span.setAttribute(name, value);
  }
  if (failed) span.setStatus({ code: statusError });
}
