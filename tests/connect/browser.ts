/** What a browser does at a consent screen: a button is pressed, and it goes where it is sent. Gives that address. */
export async function atConsentScreen(url: string, decide: 'allow' | 'deny' = 'allow'): Promise<string> {
  const answer = await fetch(`${url}&_decide=${decide}`, { redirect: 'manual' });
  return answer.headers.get('location') ?? (await answer.text());
}
