import type { CommandContext } from '../../../application/ports/event-log.js';
import type { RateLimitName } from '../../../application/ports/rate-limits.js';
import type { Class } from '../../answer/responses.js';
import type { Route } from '../../route.js';
import type { FormAnswer, FormRequest, OnceForm, PageAnswer, PageRequest } from '../page-rows.js';
import { formRow, pageRow } from '../page-rows.js';
import { seeOther } from '../page-answers.js';
import { commandedBy, outsidePath, type Person, personOf, type PersonServices } from './person.js';

type AccountPath = `/t/:tenant/account${string}`;

/** A page for whoever is signed in; everybody else is asked to. */
export const accountPage = <Services extends PersonServices>(
  row: Readonly<{
    id: string;
    path: AccountPath;
    summary: string;
    show: (services: Services, person: Person, request: PageRequest) => Promise<PageAnswer>;
  }>,
): Route<Services> =>
  pageRow({
    id: row.id,
    path: row.path,
    summary: row.summary,
    show: (services: Services) => async (request) => {
      const person = await personOf(services, request);
      return person ? row.show(services, person, request) : seeOther(outsidePath(request.tenant.slug));
    },
  });

/** What a form of such a page sends. `command` is the person's own. */
export const accountForm = <Services extends PersonServices, Form extends OnceForm>(
  row: Readonly<{
    id: string;
    path: AccountPath;
    summary: string;
    rateLimit: RateLimitName;
    form: Class<Form>;
    example: NoInfer<Form>;
    take: (
      services: Services,
      person: Person,
      request: FormRequest<Form>,
      command: CommandContext,
    ) => Promise<FormAnswer>;
  }>,
): Route<Services> =>
  formRow({
    id: row.id,
    path: row.path,
    summary: row.summary,
    rateLimit: row.rateLimit,
    form: row.form,
    example: row.example,
    take: (services: Services) => async (request, command) => {
      const person = await personOf(services, request);
      if (!person) return seeOther(outsidePath(request.tenant.slug));
      return row.take(services, person, request, commandedBy(command, person));
    },
  });
