import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import type { ApiKeyTerms, ViewedApiKey } from '../../application/api-keys.js';
import { scopeForm } from '../../domain/authorization/scopes.js';
import { instant } from '../../domain/values.js';
import type { ApiKeyListRow, ApiKeySearch } from '../../projections/api-keys.js';
import { FreeForm } from '../request/free-form.js';
import { InstantText } from '../request/instant-text.js';
import { OneLine } from '../request/one-line.js';

export const tagLimits = { maxEntries: 20, maxKeyLength: 64, maxValueLength: 256 };

export class ApiKeyTermsBody {
  @IsString() @Length(1, 100) @OneLine() name!: string;
  /** Purpose, usage, owner, environment or whatever else it is to be found by. */
  @IsOptional() @IsObject() @FreeForm(tagLimits) tags?: Record<string, string>;
  /** What the key may do; no more than whoever makes it may do now. */
  @IsArray() @ArrayMaxSize(50) @Matches(scopeForm, { each: true }) scopes!: string[];
  /** IP addresses and CIDR ranges; without any the key works from everywhere. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(50, { each: true })
  addresses?: string[];
  @IsOptional() @InstantText() expiresAt?: string;
}

export class OwnedApiKeyBody extends ApiKeyTermsBody {
  /** The application or service in whose name the key acts; without one it is the tenant's own. */
  @IsOptional() @IsString() @MaxLength(64) client?: string;
}

/** What is left out stays; `expiresAt: null` makes the key last. */
export class ApiKeyChangeBody {
  @IsOptional() @IsString() @Length(1, 100) @OneLine() name?: string;
  @IsOptional() @IsObject() @FreeForm(tagLimits) tags?: Record<string, string>;
  @IsOptional() @IsArray() @ArrayMaxSize(50) @Matches(scopeForm, { each: true }) scopes?: string[];
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(50, { each: true })
  addresses?: string[];
  @IsOptional() @InstantText() expiresAt?: string | null;
}

export class ApiKeyRotationBody {
  /** Seconds for which the old key works on, at most a week; an hour unless said otherwise. */
  @IsOptional() @IsInt() @Min(0) @Max(604_800) overlapSeconds?: number;
}

export class ApiKeyRevocationBody {
  @IsOptional() @IsIn(['revoked', 'leaked']) reason?: 'revoked' | 'leaked';
}

export class NewApiKeyView {
  @IsString() id!: string;
  /** Shown once. */
  @IsString() key!: string;
}

export class ApiKeyOwnerView {
  @IsIn(['user', 'client', 'tenant']) kind!: string;
  @IsOptional() @IsString() id?: string;
}

export class ApiKeyView {
  @IsString() id!: string;
  @IsString() name!: string;
  @IsObject() tags!: Record<string, string>;
  @ValidateNested() @Type(() => ApiKeyOwnerView) owner!: ApiKeyOwnerView;
  @IsIn(['active', 'revoked']) status!: string;
  @IsArray() scopes!: string[];
  @IsArray() addresses!: string[];
  @IsString() createdAt!: string;
  @IsOptional() @IsString() expiresAt?: string;
  /** To within a second or two. */
  @IsOptional() @IsString() lastUsedAt?: string;
  @IsInt() uses!: number;
}

export class ApiKeysView {
  @ValidateNested({ each: true }) @Type(() => ApiKeyView) keys!: ApiKeyView[];
}

export class ApiKeySearchQuery {
  /** A person's or client's id. */
  @IsOptional() @IsString() @MaxLength(64) owner?: string;
  @IsOptional() @IsIn(['active', 'revoked']) status?: string;
  /** Looked for in names. */
  @IsOptional() @IsString() @Length(1, 100) search?: string;
  /** A tag and its value, as `environment=production`. */
  @IsOptional() @IsString() @Matches(/^[^=]{1,64}=.{0,256}$/) tag?: string;
}

export class ApiKeyListView {
  @IsString() id!: string;
  @IsString() name!: string;
  @IsObject() tags!: Record<string, string>;
  @ValidateNested() @Type(() => ApiKeyOwnerView) owner!: ApiKeyOwnerView;
  @IsIn(['active', 'revoked']) status!: string;
  @IsArray() scopes!: string[];
  @IsString() createdAt!: string;
  @IsOptional() @IsString() expiresAt?: string;
}

export function searchOf({ owner, status, search: text, tag }: ApiKeySearchQuery): ApiKeySearch {
  const [, name, value = ''] = /^([^=]*)=(.*)$/s.exec(tag ?? '') ?? [];
  return {
    ...(owner !== undefined && { owner }),
    ...(status !== undefined && { status }),
    ...(text !== undefined && { text }),
    ...(name !== undefined && { tags: { [name]: value } }),
  };
}

export const listView = (row: ApiKeyListRow): ApiKeyListView => ({
  id: row.id,
  name: row.name ?? '',
  tags: { ...row.tags },
  owner: { kind: row.owner_kind, ...(row.owner_id !== null && { id: row.owner_id }) },
  status: row.status,
  scopes: [...row.scopes],
  createdAt: row.created_at.toISOString(),
  ...(row.expires_at && { expiresAt: row.expires_at.toISOString() }),
});

export const example: ApiKeyView = {
  id: '0199b000-0000-5000-8000-00000000000a',
  name: 'Nightly export',
  tags: { environment: 'production', purpose: 'reports' },
  owner: { kind: 'user', id: '0199b000-0000-5000-8000-000000000002' },
  status: 'active',
  scopes: ['account'],
  addresses: ['192.0.2.0/24'],
  createdAt: '2026-11-22T10:00:00.000Z',
  expiresAt: '2027-11-22T10:00:00.000Z',
  lastUsedAt: '2026-11-22T12:00:00.000Z',
  uses: 42,
};
export const listExample: ApiKeyListView = {
  id: example.id,
  name: example.name,
  tags: example.tags,
  owner: example.owner,
  status: example.status,
  scopes: example.scopes,
  createdAt: example.createdAt,
};
export const newExample: NewApiKeyView = { id: example.id, key: 'annal_ak_0199b0000000…' };
export const bodyExample: ApiKeyTermsBody = {
  name: example.name,
  tags: example.tags,
  scopes: example.scopes,
  addresses: example.addresses,
  expiresAt: example.expiresAt ?? '',
};

export function viewOf({ id, state, about, use }: ViewedApiKey): ApiKeyView {
  const { owner, status, scopes, addresses, at, expiresAt } = state;
  return {
    id,
    name: about?.name ?? '',
    tags: { ...about?.tags },
    owner: { ...owner },
    status,
    scopes: [...scopes],
    addresses: [...addresses],
    createdAt: at,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(use && { lastUsedAt: use.lastAt }),
    uses: use?.count ?? 0,
  };
}

export const termsOf = ({ name, tags = {}, scopes, addresses = [], expiresAt }: ApiKeyTermsBody): ApiKeyTerms => ({
  about: { name, tags },
  scopes,
  addresses,
  ...(expiresAt !== undefined && { expiresAt: instant(Date.parse(expiresAt)) }),
});
