import net from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { PushDeviceModel } from '../../src/modules/users/push-device.model.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { logInAs, type Login } from '../support/log-in.ts';

let app: TestApp;
let login: Login;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

const KEYS = {
  p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  auth: 'BTBZMqHH6r4Tts7J_aSIgg',
};

async function register(endpoint: unknown): Promise<number> {
  login = await logInAs();
  const device = { platform: 'web', name: 'Browser', endpoint, keys: KEYS };
  return (await app.request.post('/api/v1/me/devices').set(login.headers).send(device)).status;
}

const REFUSED: [string, unknown][] = [
  ['a short loopback', 'https://127.1/push'],
  ['zero', 'https://0/push'],
  ['a decimal address', 'https://2130706433/push'],
  ['a hexadecimal address', 'https://0x7f000001/push'],
  ['an octal address', 'https://0177.0.0.1/push'],
  ['IPv6 loopback', 'https://[::1]/push'],
  ['IPv4 in IPv6', 'https://[::ffff:127.0.0.1]/push'],
  ['IPv4 in IPv6, in hexadecimal', 'https://[::ffff:7f00:1]/push'],
  ['the metadata service', 'https://169.254.169.254/latest/meta-data'],
  ['a private network', 'https://10.0.0.1/push'],
  ['a public address', 'https://142.250.180.10/push'],
  ['localhost', 'https://localhost/push'],
  ['localhost with a dot', 'https://localhost./push'],
  ['a name under localhost', 'https://push.localhost/push'],
  ['a name of one label', 'https://redis/push'],
  ['an internal name', 'https://metadata.google.internal/push'],
  ['a rebinding name', 'https://fcm.googleapis.com.7f000001.rbndr.us/push'],
  ['a name that means loopback', 'https://127.0.0.1.nip.io/push'],
  ['a service as user', 'https://fcm.googleapis.com@evil.example/push'],
  ['a service as password', 'https://x:fcm.googleapis.com@127.0.0.1/push'],
  ['a user at a service', 'https://admin@fcm.googleapis.com/push'],
  ['a backslash', 'https://fcm.googleapis.com\\@evil.example/push'],
  ['a service in the fragment', 'https://evil.example#.push.apple.com'],
  ['a service in the path', 'https://evil.example/.push.apple.com'],
  ['a service in the query', 'https://evil.example?.push.apple.com'],
  ['a name that ends like a service', 'https://evilfcm.googleapis.com/push'],
  ['a name that begins like a service', 'https://fcm.googleapis.com.evil.example/push'],
  ['a service with a dot at the end', 'https://fcm.googleapis.com./push'],
  ['letters that look alike', 'https://fсm.googleapis.com/push'],
  ['letters that fold into a service', 'https://ﬁrst.push.apple.com/push'],
  ['another port', 'https://fcm.googleapis.com:22/push'],
  ['http', 'http://fcm.googleapis.com/push'],
  ['a file', 'file:///etc/passwd'],
  ['gopher', 'gopher://fcm.googleapis.com/_FLUSHALL'],
  ['a data URL', 'data:text/plain,push'],
  ['no scheme', '//fcm.googleapis.com/push'],
  ['one slash', 'https:/fcm.googleapis.com/push'],
  ['a blank before it', ' https://fcm.googleapis.com/push'],
  ['a line break within', 'https://fcm.googleapis.com/\npush'],
  ['a tab within the name', 'https://fcm.goo\tgleapis.com/push'],
  ['nothing', ''],
  ['1,001 characters', `https://fcm.googleapis.com/${'a'.repeat(974)}`],
  ['an operator', { $ne: null }],
  ['a list', ['https://fcm.googleapis.com/push']],
];

describe('case 45: the address of a push service', () => {
  it.each(REFUSED)('that is %s is 400, and nothing is kept', async (_what, endpoint) => {
    expect(await register(endpoint)).toBe(400);
    expect(await PushDeviceModel.countDocuments()).toBe(0);
  });

  it.each([
    'https://fcm.googleapis.com/fcm/send/abc:APA91b',
    'https://updates.push.services.mozilla.com/wpush/v2/gAAAAA',
    'https://wns2-par02p.notify.windows.com/w/?token=BQYAAAD',
    'https://web.push.apple.com/QGuQyavXutnMH',
  ])('of a browser is taken: %s', async (endpoint) => {
    expect(await register(endpoint)).toBe(201);
  });

  it('is not called: no socket leaves the house', async () => {
    const connect = vi.spyOn(net.Socket.prototype, 'connect');
    await register('https://fcm.googleapis.com/fcm/send/abc:APA91b');
    await register('https://169.254.169.254/latest/meta-data');
    const targets = connect.mock.calls.map(([target]) => JSON.stringify(target));
    expect(targets.filter((target) => /googleapis|169\.254/.test(target))).toEqual([]);
  });
});
