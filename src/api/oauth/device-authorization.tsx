import { IsInt, IsOptional, IsString, MaxLength } from 'class-validator';
import { CommandRejected } from '../../application/command-rejected.js';
import { deviceCodeSeconds, pollSeconds, typedUserCode } from '../../application/device-authorizations.js';
import type { AuthorizationRequest } from '../../domain/authorization/request.js';
import { parseScope } from '../../domain/authorization/scopes.js';
import { deviceGrantType } from '../../domain/client/metadata.js';
import { json } from '../answer/responses.js';
import { Hidden } from '../pages/forms.js';
import { shown } from '../pages/page-answers.js';
import { formRow, OnceForm, pageRow } from '../pages/page-rows.js';
import { sheetOf } from '../pages/sheets.js';
import { type Site, siteOf } from '../pages/site.js';
import { accepts, route, type Route } from '../route.js';
import type { Services } from '../services.js';
import { tokenClient } from './client-authentication.js';
import { followed } from './followed.js';
import { noStore } from './no-store.js';
import { OAuthError, oauthError } from './oauth-error.js';

/** RFC 8628 section 3.1. */
export class DeviceAuthorizationForm {
  @IsOptional() @IsString() @MaxLength(64) client_id?: string;
  @IsOptional() @IsString() @MaxLength(512) client_secret?: string;
  @IsOptional() @IsString() @MaxLength(8_192) client_assertion?: string;
  @IsOptional() @IsString() @MaxLength(128) client_assertion_type?: string;
  @IsOptional() @IsString() @MaxLength(2_000) scope?: string;
}

/** RFC 8628 section 3.2. */
export class DeviceAuthorizationView {
  @IsString() device_code!: string;
  @IsString() user_code!: string;
  @IsString() verification_uri!: string;
  @IsString() verification_uri_complete!: string;
  @IsInt() expires_in!: number;
  @IsInt() interval!: number;
}

export class UserCodeForm extends OnceForm {
  @IsString() @MaxLength(100) code!: string;
}

type Needed = Pick<
  Services,
  'authorizationRequests' | 'clientAssertions' | 'clients' | 'deviceAuthorizations' | 'issuers' | 'tenants'
>;

/** The code of the device, as somebody typed it or as the link of the device brought it. */
function codeSheet(site: Site, once: string, value = '', failed = false) {
  const { title, text, label, button, wrong } = site.words.device;
  return sheetOf(
    'key',
    { title, text },
    <form method="post" action={`${site.brand.home}/device`} novalidate>
      <Hidden fields={{ once }} />
      <div class="field">
        <label for="code">{label}</label>
        {failed && (
          <p class="error" id="code-error" role="alert">
            {wrong}
          </p>
        )}
        <input
          id="code"
          name="code"
          type="text"
          value={value}
          autocomplete="off"
          autocapitalize="characters"
          required
        />
      </div>
      <button>{button}</button>
    </form>,
  );
}

/** RFC 8628: a device without a browser asks, and a person says yes on another one. */
export const deviceAuthorizationRoutes: readonly Route<Needed>[] = [
  route({
    id: 'authorizeDevice',
    method: 'post',
    path: '/t/:tenant/oauth2/device_authorization',
    summary: 'Ask for a device code and a user code (RFC 8628 section 3.1)',
    tag: 'oauth',
    access: 'public',
    rateLimit: 'protocol',
    failures: 'oauth',
    otherParameters: 'ignored',
    body: accepts(
      DeviceAuthorizationForm,
      { client_id: '0199b000-0000-5000-8000-00000000000c', scope: 'openid' },
      { mediaType: 'application/x-www-form-urlencoded' },
    ),
    responses: {
      200: json(DeviceAuthorizationView, 'What the device shows, and what it asks with.', {
        device_code: 'annal_dc_0199…',
        user_code: 'WDJB-MJHT',
        verification_uri: 'https://id.example.com/t/default/device',
        verification_uri_complete: 'https://id.example.com/t/default/device?user_code=WDJB-MJHT',
        expires_in: deviceCodeSeconds,
        interval: pollSeconds,
      }),
      400: json(OAuthError, 'What is wrong with the request.', oauthError('invalid_scope')),
      401: json(OAuthError, 'The client did not prove itself.', oauthError('invalid_client')),
    },
    handler: (services: Needed) => async (request) => {
      const { body, tenant, context, header } = request;
      const { id, metadata } = await tokenClient(services, tenant, header('authorization'), body, context.at);
      if (!metadata.grantTypes.includes(deviceGrantType)) throw new CommandRejected('unauthorized-client');
      const scope = parseScope(body.scope ?? '');
      if (!scope?.every((one) => metadata.scopes.includes(one))) throw new CommandRejected('invalid-scope');
      const { deviceCode, userCode } = await services.deviceAuthorizations.begin(context, id, scope);
      const uri = `${services.issuers.of(tenant.slug)}/device`;
      return {
        status: 200,
        body: {
          device_code: deviceCode,
          user_code: userCode,
          verification_uri: uri,
          verification_uri_complete: `${uri}?user_code=${userCode}`,
          expires_in: deviceCodeSeconds,
          interval: pollSeconds,
        },
        headers: noStore,
      };
    },
  }),
  pageRow({
    id: 'devicePage',
    path: '/t/:tenant/device',
    summary: 'Ask for the code that a device shows',
    show: (services: Needed) => async (visit) => {
      const site = await siteOf(services.tenants, visit);
      return shown(site, codeSheet(site, visit.context.commandId, visit.query.user_code));
    },
  }),
  formRow({
    id: 'deviceByForm',
    path: '/t/:tenant/device',
    summary: 'Say which device it is; the person signs in and agrees, or not, as for any application',
    rateLimit: 'sign-in',
    form: UserCodeForm,
    example: { code: 'WDJB-MJHT' },
    take: (services: Needed) => async (visit) => {
      const { context, tenant, body } = visit;
      const site = await siteOf(services.tenants, visit);
      const device = typedUserCode(body.code);
      const waiting = await services.deviceAuthorizations.waiting(context, device);
      if (!waiting) return shown(site, codeSheet(site, context.commandId, '', true));
      const request: AuthorizationRequest = {
        ...waiting,
        device,
        redirectUri: `${services.issuers.of(tenant.slug)}/device/done`,
        redirectUriNamed: true,
        responseMode: 'query',
        // Whoever holds a code could have sent it to anybody: each is agreed to by itself (RFC 8628 section 5.4).
        prompt: ['consent'],
        uiLocales: [],
        acrValues: [],
        at: context.at,
      };
      return followed(services, tenant, request, { need: 'consent' });
    },
  }),
  pageRow({
    id: 'deviceDonePage',
    path: '/t/:tenant/device/done',
    summary: 'Send the person back to the device',
    show: (services: Needed) => async (visit) => {
      const site = await siteOf(services.tenants, visit);
      return shown(site, sheetOf('person', site.words.device.done));
    },
  }),
];
