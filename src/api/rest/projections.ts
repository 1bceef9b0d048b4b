import { IsArray } from 'class-validator';
import { json } from '../answer/responses.js';
import { route } from '../route.js';
import type { Services } from '../services.js';

export class ProjectionsView {
  /** Name, version, kind, standing, duty, position, lag, rate, parked events of every read model. */
  @IsArray() projections!: readonly object[];
}

const example = {
  projections: [
    { name: 'users', version: 1, kind: 'asynchronous', standing: 'serving', duty: 'leading', lag: 0, parkedEvents: 0 },
  ],
};

export const projectionRoutes = [
  route({
    id: 'listProjections',
    method: 'get',
    path: '/api/v1/projections',
    summary: 'How the read models are',
    tag: 'operations',
    access: 'installation-admin',
    responses: { 200: json(ProjectionsView, 'Every read model.', example) },
    handler:
      ({ readModels }: Pick<Services, 'readModels'>) =>
      async () => ({ status: 200, body: { projections: await readModels.status() } }),
  }),
];
