import { randomBytes } from 'node:crypto';
import type { Context } from '../context.ts';
import type { ChannelDoc } from './channel.model.ts';

/** 192 random bits: who knows the path was given it. */
export function mintHookId(): string {
  return randomBytes(24).toString('base64url');
}

/** Where the provider must send: absolute when the server's own address is known. */
export function hookUrl(ctx: Pick<Context, 'publicUrl'>, channel: Pick<ChannelDoc, 'hookId'>): string {
  return `${(ctx.publicUrl ?? '').replace(/\/+$/, '')}/hooks/${channel.hookId}`;
}

/** As connectors register it: providers call https alone. */
export function hookAddress(
  ctx: Pick<Context, 'publicUrl'>,
  channel: Pick<ChannelDoc, 'hookId'>,
): { url: string | null } {
  return { url: ctx.publicUrl?.startsWith('https://') ? hookUrl(ctx, channel) : null };
}
