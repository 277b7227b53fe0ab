import { randomBytes } from 'node:crypto';
import { type Answer, type Asked, json } from '../app/respond.ts';
import type { Consent } from '../consent/index.ts';
import { failureAnswer, GraphFailure } from './errors.ts';
import { type GraphCall, type GraphRoutes, type Parts, text } from './parts.ts';

const SIXTY_DAYS_S = 5_184_000;

/** Tokens of people: which pages they ticked, and what they allowed. */
interface Person {
  scopes: string[];
  long: boolean;
}

/** The consent screen of Facebook, and its exchange of codes for tokens. */
export class Login {
  readonly consent: Consent;
  /** Pages that the administrator ticks; undefined: all. */
  ticked: string[] | undefined;
  readonly #people = new Map<string, Person>();

  constructor(consent: Consent) {
    this.consent = consent;
  }

  /** `GET /oauth/access_token`: a code for a short token, or that for a long one. */
  exchange({ query }: Asked): Answer {
    if (!this.consent.isClient(query.get('client_id'), query.get('client_secret')))
      return failureAnswer(new GraphFailure(101, undefined, { message: 'Error validating client secret' }));
    const before = this.#people.get(query.get('fb_exchange_token') ?? '');
    if (before) return this.#give({ ...before, long: true });
    const [code, redirectUri] = [query.get('code') ?? '', query.get('redirect_uri') ?? ''];
    const scopes = this.consent.redeem({ code, redirectUri });
    if (scopes === 'invalid_grant')
      return failureAnswer(new GraphFailure(100, 36_009, { message: 'This authorization code has been used.' }));
    return this.#give({ scopes, long: false });
  }

  #give(person: Person): Answer {
    const value = `EAAsimUser${randomBytes(9).toString('hex')}`;
    this.#people.set(value, person);
    return json(200, { access_token: value, token_type: 'bearer', expires_in: person.long ? SIXTY_DAYS_S : 5_400 });
  }

  personOf(token: string): Person | undefined {
    return this.#people.get(token);
  }
}

/** `/me/accounts`: the pages of whoever agreed, each with a token of its own. */
export const accountRoutes: GraphRoutes = [['GET', /^\/me\/accounts$/, (parts, call) => accounts(parts, call)]];

function accounts({ settings, access, login }: Parts, { headers, token }: GraphCall) {
  if (token !== 'app' && token.account !== 'person') throw new GraphFailure(1705);
  const person = login.personOf(/^Bearer (.+)$/.exec(text(headers.authorization))?.[1] ?? '');
  const pages = settings.pages.filter(({ id }) => login.ticked?.includes(id) ?? true);
  const data = pages.map(({ id, name, instagram }) => {
    const given = access.give({ id, token: `EAAsimPage${randomBytes(9).toString('hex')}` });
    given.scopes = person?.scopes ?? [];
    return {
      ...{ id, name, access_token: given.value, tasks: ['MODERATE', 'MESSAGING', 'MANAGE'] },
      ...(instagram && { instagram_business_account: { id: instagram.id, username: instagram.username } }),
    };
  });
  return { data, paging: { cursors: { before: '0', after: String(data.length) } } };
}
