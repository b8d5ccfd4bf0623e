// Compiled, not run: the declarations accept what README.md shows, and refuse mistakes.
import { Client, OutcomeUnknownError, openWebhook, parseRedirect, type Verdict } from '..';

async function program(): Promise<Verdict> {
  const client = new Client({ apiKey: 'dk_emulator', timeoutMs: 20000, allowHttpHosts: ['emulator'] });
  const ada = { firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.com', phone: '+15192223333' };
  try {
    const session = await client.create({ ...ada, expiresInHours: 24 }, { signal: new AbortController().signal });
    const url: string | null = session.url;
    console.log(url, (await client.list({ externalId: 'x' })).ids);
  } catch (error) {
    if (error instanceof OutcomeUnknownError) {
      const token: string | null = error.reconcileToken;
      console.log(token, error.code === 'DEEPIDV_E_DUPLICATE');
    }
  }
  // @ts-expect-error: a field is missing.
  await client.create({ firstName: 'Ada' });
  // @ts-expect-error: no such decision.
  await client.updateStatus('sess_1', 'APPROVED');
  // @ts-expect-error: no such option.
  Client.fromEnv({ timeout: 1 });
  const redirect = parseRedirect(new Uint8Array());
  if (redirect.status === 'FAILED' && redirect.reason === 'FACE_MISMATCH') {
    redirect.matches('sess_1');
  }
  return openWebhook('{}', undefined, 'whsec').verdict;
}

program();
