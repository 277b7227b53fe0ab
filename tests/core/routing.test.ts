import { describe, expect, it } from 'vitest';
import {
  type Dismissable,
  matchingRules,
  mayDismiss,
  type Routable,
  type RoutingRule,
} from '../../src/core/routing.ts';
import { hasShape, SHAPES } from '../../src/core/shapes.ts';

const said = (about: Partial<Routable> = {}): Routable => ({
  ...{ channel: 'fb', adapter: 'facebook', surface: 'comment', kind: null, category: null, rating: null },
  ...{ text: 'Mantap pelayanannya', files: false, own: false, repeated: () => false },
  ...about,
});
const holds = (when: RoutingRule['when'], about: Partial<Routable> = {}) =>
  matchingRules([{ when }], said(about)).length === 1;

describe('what a text is and nothing else', () => {
  it.each([
    ['', 'empty'],
    ['  \n', 'empty'],
    ['👍👍 🙏', 'emoji'],
    ['...!!', 'emoji'],
    ['https://promo.example/a?b=1 www.toko.example', 'links'],
    ['@pemkabcontoh #banggamelayani', 'links'],
    ['Terima kasih min 🙏', 'thanks'],
    ['Matur nuwun nggih', 'thanks'],
  ])('%j is %s', (text, shape) => {
    expect(SHAPES.filter((one) => hasShape(text, one))).toEqual([shape]);
  });

  it.each([
    '??',
    'Terima kasih, kapan jalan diperbaiki',
    '@pemkab lampu jalan mati',
    '👍 jalannya rusak',
    'https://foto.example/lubang ?',
    '2026',
  ])('%j is none of them', (text) => {
    expect(SHAPES.filter((shape) => hasShape(text, shape))).toEqual([]);
  });
});

describe('conditions', () => {
  it('all of a rule must hold', () => {
    const when = { rating: [4, 5], withoutWords: ['tapi', 'rusak'], shorterThan: 100 };
    expect(holds(when, { rating: 5 })).toBe(true);
    expect(holds(when, { rating: 3 })).toBe(false);
    expect(holds(when, { rating: null })).toBe(false);
    expect(holds(when, { rating: 5, text: 'Mantap, TAPI antre lama' })).toBe(false);
    expect(holds(when, { rating: 5, text: 'Tapioka mantap' })).toBe(true);
    expect(holds(when, { rating: 5, text: 'a'.repeat(100) })).toBe(false);
  });

  it('a photograph may be the whole complaint: shape and length count only without files', () => {
    expect(holds({ only: ['emoji'] }, { text: '👎' })).toBe(true);
    expect(holds({ only: ['emoji'] }, { text: '👎', files: true })).toBe(false);
    expect(holds({ shorterThan: 5 }, { text: 'ini' })).toBe(true);
    expect(holds({ shorterThan: 5 }, { text: 'ini', files: true })).toBe(false);
    expect(holds({ words: ['mantap'] }, { files: true })).toBe(true);
  });

  it('our own accounts, and what comes again and again', () => {
    expect([holds({ ownAccount: true }), holds({ ownAccount: true }, { own: true })]).toEqual([false, true]);
    const repeated = { times: 3, within: 1_000, by: 'author' as const };
    const asked: unknown[] = [];
    const count = (about: unknown) => asked.push(about) > 0;
    expect(holds({ repeated, words: ['promo'] }, { repeated: count })).toBe(false);
    expect(asked).toEqual([]);
    expect(holds({ repeated }, { repeated: count })).toBe(true);
    expect(asked).toEqual([repeated]);
  });
});

describe('what rules may dismiss', () => {
  const about = (changes: Partial<Dismissable> = {}): Dismissable => ({
    ...{ surface: 'comment', rating: null, sensitive: false, judged: false },
    ...changes,
  });
  const praise = { when: { words: ['mantap'] }, then: { dismiss: 'praise' as const } };
  it('what stands in public', () => {
    expect(mayDismiss(praise, about())).toBe(true);
    expect(mayDismiss({ ...praise, then: {} }, about())).toBe(false);
  });
  it('never what is sensitive, what a person judged, or one star as praise', () => {
    expect(mayDismiss(praise, about({ sensitive: true }))).toBe(false);
    expect(mayDismiss(praise, about({ judged: true }))).toBe(false);
    expect([1, 2, 3].map((rating) => mayDismiss(praise, about({ rating })))).toEqual([false, false, true]);
    expect(mayDismiss({ ...praise, then: { dismiss: 'spam' } }, about({ rating: 1 }))).toBe(true);
  });
  it('what was sent to the office alone only where the rule names that surface', () => {
    expect(mayDismiss(praise, about({ surface: 'mail' }))).toBe(false);
    const named = { ...praise, when: { surface: ['mail' as const] } };
    expect(mayDismiss(named, about({ surface: 'mail' }))).toBe(true);
    expect(mayDismiss(named, about({ surface: 'report' }))).toBe(false);
  });
});
