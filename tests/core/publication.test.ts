import { expect, it } from 'vitest';
import { publicationActions, waitsForPerson } from '../../src/core/publication.ts';

it('never offers to resend what may have been sent', () => {
  const offered = (state: string, needs_person = false) => publicationActions({ state, needs_person }).join(' ');
  expect(offered('queued')).toBe('cancel');
  expect(offered('queued', true)).toBe('retry cancel');
  expect(offered('sending')).toBe('');
  expect(offered('published')).toBe('');
  expect(offered('uncertain')).toBe('confirm cancel');
  expect(offered('uncertain', true)).toBe('confirm retry cancel');
  expect(offered('assist')).toBe('confirm decline cancel');
  expect(offered('refused')).toBe('retry cancel');
  expect(offered('cancelled')).toBe('');
});

it('says what waits for a person', () => {
  const waits = (state: string, needs_person = false) => waitsForPerson({ state, needs_person });
  expect([waits('refused'), waits('assist'), waits('uncertain', true), waits('queued', true)]).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect([waits('uncertain'), waits('queued'), waits('published'), waits('cancelled')]).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
