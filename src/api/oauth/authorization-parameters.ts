import { IsOptional, IsString, MaxLength } from 'class-validator';

/** RFC 6749 section 4.1.1, RFC 7636 section 4.3, OpenID Connect Core 1.0 section 3.1.2.1. Others are ignored. */
export class AuthorizationParameters {
  @IsOptional() @IsString() @MaxLength(64) client_id?: string;
  @IsOptional() @IsString() @MaxLength(2_048) redirect_uri?: string;
  @IsOptional() @IsString() @MaxLength(100) response_type?: string;
  @IsOptional() @IsString() @MaxLength(100) response_mode?: string;
  @IsOptional() @IsString() @MaxLength(2_000) scope?: string;
  @IsOptional() @IsString() @MaxLength(4_096) state?: string;
  @IsOptional() @IsString() @MaxLength(1_024) nonce?: string;
  @IsOptional() @IsString() @MaxLength(100) dpop_jkt?: string;
  @IsOptional() @IsString() @MaxLength(1_024) code_challenge?: string;
  @IsOptional() @IsString() @MaxLength(100) code_challenge_method?: string;
  @IsOptional() @IsString() @MaxLength(200) prompt?: string;
  @IsOptional() @IsString() @MaxLength(20) max_age?: string;
  @IsOptional() @IsString() @MaxLength(320) login_hint?: string;
  @IsOptional() @IsString() @MaxLength(8_192) id_token_hint?: string;
  @IsOptional() @IsString() @MaxLength(200) ui_locales?: string;
  @IsOptional() @IsString() @MaxLength(1_000) acr_values?: string;
  @IsOptional() @IsString() @MaxLength(100) display?: string;
  @IsOptional() @IsString() @MaxLength(8_192) claims?: string;
  @IsOptional() @IsString() @MaxLength(4_096) resource?: string;
  @IsOptional() @IsString() @MaxLength(16_000) request?: string;
  @IsOptional() @IsString() @MaxLength(2_048) request_uri?: string;
  @IsOptional() @IsString() @MaxLength(2_048) registration?: string;
}

/** "Parameters sent without a value MUST be treated as if they were omitted" (RFC 6749 section 3.1). */
export const given = <Parameters extends object>(parameters: Parameters): Partial<Parameters> =>
  Object.fromEntries(
    Object.entries(parameters).filter(([, value]) => value !== '' && value !== undefined),
  ) as Partial<Parameters>;
