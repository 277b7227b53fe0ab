import { type Answer, json } from '../app/respond.ts';

let requests = 0;

/** What TikTok always answers: 200, and how it went stands inside. */
export function envelope(data: unknown, code = 0, message = 'OK'): Answer {
  requests += 1;
  return json(200, { code, message, request_id: `20261124${String(requests).padStart(12, '0')}`, data });
}

export const failure = (code: number, message: string, headers: Record<string, string> = {}): Answer => ({
  ...envelope({}, code, message),
  headers,
});

const ID = /"((?:parent_)?comment_id|video_id|item_id)":"(\d{16,})"/g;

/** Ids as bare numbers, as they come in some answers and in every delivery. */
export const withBareIds = (text: string): string => text.replace(ID, '"$1":$2');
