import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, ValidateNested } from 'class-validator';
import { Problem } from '../problems/problem.js';
import { json, text } from '../answer/responses.js';
import { type Route, route } from '../route.js';
import type { OperationsServices } from './services.js';

export class HealthCheck {
  @IsString() name!: string;
  @IsBoolean() healthy!: boolean;
  @IsOptional() @IsString() detail?: string;
}

export class Health {
  @IsIn(['ready', 'not-ready']) status!: 'ready' | 'not-ready';
  @ValidateNested({ each: true }) @Type(() => HealthCheck) checks!: HealthCheck[];
}

const example: Health = { status: 'ready', checks: [{ name: 'postgres', healthy: true }] };

export const healthRoutes: readonly Route<OperationsServices>[] = [
  route({
    id: 'live',
    method: 'get',
    path: '/health/live',
    summary: 'Whether the process answers at all',
    tag: 'operations',
    access: 'public',
    rateLimit: 'none',
    responses: { 200: text('text/plain; charset=utf-8', 'It does', 'live') },
    handler: () => async () => ({ status: 200, body: 'live' }),
  }),
  route({
    id: 'ready',
    method: 'get',
    path: '/health/ready',
    summary: 'Whether the process can serve requests',
    tag: 'operations',
    access: 'public',
    rateLimit: 'none',
    responses: {
      200: json(Health, 'It can', example),
      503: json(Health, 'It cannot: a check fails, or it is stopping', { ...example, status: 'not-ready' }),
    },
    handler:
      ({ readiness }: Pick<OperationsServices, 'readiness'>) =>
      async () => {
        const checks = (await readiness.checks()).map(({ name, healthy }) => ({ name, healthy }));
        return checks.every(({ healthy }) => healthy)
          ? { status: 200, body: { status: 'ready', checks } }
          : { status: 503, body: { status: 'not-ready', checks } };
      },
  }),
  route({
    id: 'metrics',
    method: 'get',
    path: '/metrics',
    summary: 'Metrics for Prometheus',
    description: 'For this machine only, or with the bearer token that the configuration names.',
    tag: 'operations',
    access: 'public',
    rateLimit: 'none',
    responses: { 200: text('text/plain; version=0.0.4; charset=utf-8', 'Metrics', '# HELP …') },
    handler:
      ({ metrics, metricsAccess }: Pick<OperationsServices, 'metrics' | 'metricsAccess'>) =>
      async ({ client, header }) => {
        // Not a 403: there is nothing to see for others.
        if (!metricsAccess.admits(client.address, header)) throw new Problem('not-found');
        return { status: 200, body: await metrics.text() };
      },
  }),
];
