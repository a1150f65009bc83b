import type { Reply } from './dialect.ts'

export const ok = (body: unknown, headers: Record<string, string> = {}): Reply => ({ status: 200, body, headers })
export const created = (body: unknown, headers: Record<string, string> = {}): Reply => ({ status: 201, body, headers })
/** 202, with a body or without. */
export const accepted = (body?: unknown, headers: Record<string, string> = {}): Reply => ({
  status: 202,
  body,
  headers,
})
export const noContent = (headers: Record<string, string> = {}): Reply => ({ status: 204, headers })
