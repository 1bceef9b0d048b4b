import type pg from 'pg';
import { type Bind, type Foundation, BackgroundPool } from './composition-root/binding.js';
import { bindAuthorization } from './composition-root/authorization-objects.js';
import { bindClients } from './composition-root/client-objects.js';
import { bindHttp } from './composition-root/http-objects.js';
import { bindLog } from './composition-root/log-objects.js';
import { bindNotifications } from './composition-root/notification-objects.js';
import { bindReadModels } from './composition-root/read-model-objects.js';
import { bindUseCases } from './composition-root/use-case-objects.js';
import { EventLog } from './application/ports/event-log.js';
import { OperatorLog } from './application/ports/operator-log.js';
import { StreamStates } from './application/ports/stream-states.js';
import { OutboxFollower } from './infrastructure/outbox/outbox-follower.js';
import { Announcements } from './infrastructure/projection-runner/announcements.js';
import { Leases } from './infrastructure/projection-runner/leases.js';
import { ProjectionRunner } from './infrastructure/projection-runner/projection-runner.js';
import { ReadModelCatalog } from './infrastructure/projection-runner/read-model-catalog.js';
import { Container } from 'inversify';

export type { Foundation };

/** One line per object. Tokens are the abstract classes, or the class itself where there is only one. */
export function compose(foundation: Foundation): Container {
  const container = new Container({ defaultScope: 'Singleton' });
  const bind: Bind = container.bind.bind(container);
  bindLog(bind, foundation);
  bindUseCases(container, bind, foundation);
  bindAuthorization(bind);
  bindClients(bind, foundation);
  bindNotifications(bind, foundation);
  bindReadModels(bind, foundation);
  bindHttp(container, bind, foundation);
  return container;
}

/** The runner of this process: read models, the outbox, or both. */
export const projectionRunner = (
  container: Container,
  roles: Readonly<{ projector: boolean; outbox: boolean }>,
): ProjectionRunner =>
  new ProjectionRunner(
    container.get(EventLog),
    roles.projector
      ? container.get(ReadModelCatalog)
      : new ReadModelCatalog(container.get<pg.Pool>(BackgroundPool), [], [], container.get(StreamStates)),
    roles.outbox ? [container.get(OutboxFollower)] : [],
    container.get(Leases),
    container.get(Announcements),
    ({ kind, ...fields }) =>
      container.get(OperatorLog)[kind === 'parked' ? 'error' : 'info'](`read-model-${kind}`, fields),
  );
