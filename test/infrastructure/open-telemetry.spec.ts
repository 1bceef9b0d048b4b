import { expect } from 'chai';
import { NoTracing } from '../../src/application/ports/tracing.js';
import { startTracing } from '../../src/infrastructure/open-telemetry.js';

const asked = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' };

/** The packages as the adapter sees them, writing down what it does. */
function recorded() {
  const calls: unknown[] = [];
  const span = {
    setAttribute: (name: string, value: unknown) => void calls.push([name, value]),
    setStatus: (status: unknown) => void calls.push(['status', status]),
    end: () => void calls.push('end'),
  };
  const api = {
    context: { active: () => 'active' },
    propagation: { extract: (_context: unknown, carrier: Record<string, string>) => carrier['traceparent'] },
    trace: {
      getTracer: () => ({
        startActiveSpan: (name: string, _options: object, parent: unknown, work: (opened: typeof span) => unknown) => {
          calls.push([name, parent]);
          return work(span);
        },
      }),
    },
  };
  class NodeSDK {
    start = () => void calls.push('start');
    shutdown = async () => void calls.push('shutdown');
  }
  return { calls, load: async (name: string) => (name.endsWith('api') ? api : { NodeSDK }) };
}

describe('tracing', () => {
  it('costs and loads nothing unless an endpoint is named', async () => {
    const load = () => Promise.reject(new Error('nothing must be loaded'));
    const { tracing } = await startTracing({}, load);
    expect(tracing).to.be.instanceOf(NoTracing);
    expect(
      await tracing.span(
        'x',
        {},
        async () => 7,
        () => ({ attributes: {}, failed: false }),
      ),
    ).to.equal(7);
  });

  it('says what to install when an endpoint is named and the packages are missing', async () => {
    const failure = await startTracing(asked, () => Promise.reject(new Error('not found'))).catch(
      (error: unknown) => error,
    );
    expect(String(failure)).to.contain('npm install @opentelemetry/api @opentelemetry/sdk-node');
  });

  it('opens a span under the trace of the caller, and closes it whatever happens', async () => {
    const { calls, load } = recorded();
    const { tracing, stop } = await startTracing(asked, load);
    const headers = { traceparent: 'the caller', authorization: 'canary' };
    await tracing.span(
      'http.request',
      headers,
      async () => 503,
      (status) => ({ attributes: { status, route: 'r', none: undefined }, failed: true }),
    );
    const thrown = await tracing
      .span(
        'http.request',
        {},
        () => Promise.reject(new Error('canary')),
        () => ({ attributes: {}, failed: false }),
      )
      .catch((error: unknown) => error);
    await stop();
    expect(thrown).to.be.instanceOf(Error);
    expect(calls).to.deep.equal([
      'start',
      ['http.request', 'the caller'],
      ['status', 503],
      ['route', 'r'],
      ['status', { code: 2 }],
      'end',
      ['http.request', undefined],
      ['status', { code: 2 }],
      'end',
      'shutdown',
    ]);
    expect(JSON.stringify(calls)).not.to.contain('canary');
  });
});
