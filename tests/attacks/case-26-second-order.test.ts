import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { localCloud } from '../setup/with-local-cloud.ts';
import { clearMail, listMail, waitForMail } from '../../scripts/local-cloud/control-client.ts';
import { sendMail } from '../../src/infra/mail/index.ts';
import { OutboxModel } from '../../src/infra/queue/outbox.model.ts';
import { confirmationData } from '../../src/modules/notifications/order-mail.ts';
import { UserModel } from '../../src/modules/users/user.model.ts';
import { newId } from '../../src/shared/ids.ts';
import { buildDeliveredOrder } from '../factories/delivered-order.ts';
import { createCategory, createMenuItem } from '../factories/menu-item.ts';
import { createRestaurant } from '../factories/restaurant.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { attack } from '../support/attack.ts';
import { eventually } from '../support/eventually.ts';
import { logInAs } from '../support/log-in.ts';
import { startApi } from '../support/processes.ts';
import { resetRateLimits } from '../support/rate-limits.ts';
import { errorOf } from '../support/responses.ts';

const { inboxUrl: inbox } = localCloud;
const PASSWORD = 'correct horse battery';
const INFRA = new URL('../../src/infra/observability/index.ts', import.meta.url).href;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ withWorker: true });
});
beforeEach(resetRateLimits);
afterEach(async () => {
  await eventually(async () => {
    expect(await OutboxModel.countDocuments({ doneAt: null })).toBe(0);
  });
  await clearMail(inbox);
  await emptyCollections();
});
afterAll(() => app.stop());

/** Refused at the door: no name needs them. */
const BREAKS: [string, string][] = [
  ['a line break', 'Asha\r\nBcc: all@example.com'],
  ['a line feed', 'Asha\n{"level":"fatal"}'],
  ['U+2028', 'Asha\u2028Rao'],
  ['U+2029', 'Asha\u2029Rao'],
  ['NEL', 'Asha\u0085Rao'],
  ['NUL', 'Asha\u0000Rao'],
  ['an escape of a terminal', 'Asha\u001b[2J'],
  ['a mark that turns it around', 'Asha\u202eoaR'],
];

/** Nothing but text, wherever they are read. */
const TEMPLATES = ['{{7*7}}', '<%= 7*7 %>', '${7*7}', '#{7*7}', '*{7*7}', '{%print(7*7)%}', '<%~ it.password %>'];

describe('case 26: a name', () => {
  it.each(BREAKS)('with %s is refused wherever one is given', async (_, name) => {
    const { headers } = await logInAs();
    const answers = await attack(app, async () => [
      await app.request.post('/api/v1/auth/signup').send({ email: 'asha@example.com', password: PASSWORD, name }),
      await app.request.patch('/api/v1/me').set(headers).send({ name }),
    ]);
    for (const { status } of answers) expect(status).toBe(400);
  });

  it.each(TEMPLATES)('like %s is kept as it is', async (template) => {
    const name = `Asha ${template} =HYPERLINK("http://evil.example","x")`.slice(0, 100);
    const email = `asha-${newId()}@example.com`;
    await app.request.post('/api/v1/auth/signup').send({ email, password: PASSWORD, name }).expect(201);
    expect((await UserModel.findOne({ email }).lean())?.name).toBe(name);
    const mail = await waitForMail(inbox, { to: email });
    expect(mail.envelope.to).toEqual([email]);
    expect(mail.text + mail.html).not.toMatch(/Asha 49/);
  });

  it.each(TEMPLATES)('of a dish like %s is printed in a mail, and not worked out', async (template) => {
    const to = 'asha@example.com';
    const data = { ...confirmationData(buildDeliveredOrder({ name: `Dish ${template} <script>` })), name: template };
    await sendMail({ to, subject: `Order ${template}`, template: 'order-confirmed', data, messageId: newId() });
    const { text, html, subject } = await waitForMail(inbox, { to });
    expect(text).toContain(`Dish ${template} <script>`);
    expect(subject).toBe(`Order ${template}`);
    expect(html).not.toMatch(/<script|<%/);
    for (const part of [text, html, subject]) expect(part).not.toMatch(/Dish 49|Order 49/);
  });
});

describe('case 26: an e-mail address', () => {
  it.each([
    'asha@example.com\r\nBcc: all@example.com',
    'asha@example.com\nBcc:all@example.com',
    'asha@example.com%0d%0aBcc:all@example.com',
    'asha@example.com, all@example.com',
    'asha@example.com;all@example.com',
    'Asha <all@example.com>',
    '"asha\r\nBcc: all@example.com"@example.com',
    'asha@example.com\u2028bcc:all@example.com',
  ])('of %j is 400 wherever one is given, and nothing is sent', async (email) => {
    const answers = await attack(app, async () => [
      await app.request.post('/api/v1/auth/signup').send({ email, password: PASSWORD, name: 'Asha' }),
      await app.request.post('/api/v1/auth/password/forgot').send({ email }),
      await app.request.post('/api/v1/auth/otp/request').send({ channel: 'email', email }),
      await app.request.post('/api/v1/auth/login').send({ email, password: PASSWORD }),
    ]);
    for (const res of answers) expect([res.status, errorOf(res).code]).toEqual([400, 'validation_failed']);
    expect(await listMail(inbox)).toEqual([]);
  });

  it('or a subject that got past the door all the same adds no recipient and no header', async () => {
    const to = 'asha@example.com';
    const mail = { template: 'welcome', data: { name: 'Asha', appUrl: 'https://app.example' } };
    const subject = 'Hello\r\nBcc: all@example.com\r\nX-Evil: 1\r\n\r\n<b>body</b>';
    await sendMail({ ...mail, to, subject, messageId: newId() });
    const received = await waitForMail(inbox, { to });
    expect(received.envelope.to).toEqual([to]);
    const names = Object.keys(received.headers).map((key) => key.toLowerCase());
    expect(names).not.toContain('bcc');
    expect(names).not.toContain('x-evil');
  });
});

describe('case 26: a line of the log', () => {
  it('is one line of JSON, whatever is in it', async () => {
    const hostile = [...BREAKS.map(([, text]) => text), ...TEMPLATES, '"},{"level":"fatal"', '\\', '\ud800'];
    const script = `
      const { logger } = await import(${JSON.stringify(INFRA)});
      for (const text of JSON.parse(process.argv[1])) logger.info({ name: text, nested: { [text]: text } }, text);
    `;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', script, '--', JSON.stringify(hostile)],
      { env: { NODE_ENV: 'test', LOG_LEVEL: 'info' } },
    );
    const lines = stdout.split('\n').filter(Boolean);
    expect(lines).toHaveLength(hostile.length);
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ level: 'info' });
  });

  it('of a request is one, whatever its path, its headers and its names say', async () => {
    const api = await startApi({ LOG_LEVEL: 'debug' });
    const paths = ['/api/v1/%0d%0a%7B%22level%22:%22fatal%22%7D', '/api/v1/restaurants?q=%E2%80%A8%0a', '/%1b%5b2J'];
    for (const path of paths) {
      const headers = { 'User-Agent': '"}{"level":"fatal"', 'X-Request-Id': 'a"}{"level":"fatal"}' };
      await (await fetch(`${api.base}${path}`, { headers })).arrayBuffer();
    }
    await eventually(() => {
      expect(api.lines.length).toBeGreaterThan(paths.length);
    });
    for (const line of api.lines) {
      const { level } = JSON.parse(line) as { level?: string };
      expect(level).not.toBe('fatal');
    }
  });
});

describe('case 26: a cell of an export', () => {
  it.each(['=HYPERLINK("http://evil.example","x")', '+1+1', '-1+1', '@SUM(A1)', '\t=1+1', '＝1+1', "'=1"])(
    'of %j is no formula, and comes back as it was',
    async (name) => {
      const owner = await logInAs({ roles: ['restaurant'] });
      const { _id: restaurantId } = await createRestaurant({ ownerId: owner.userId });
      const { _id: categoryId } = await createCategory({ restaurantId, name });
      await createMenuItem({ restaurantId, categoryId, name, description: name });
      const path = `/api/v1/restaurants/${restaurantId}/menu/export`;
      const res = await app.request.get(path).query({ format: 'csv' }).set(owner.headers).buffer(true);
      expect(res.status, res.text).toBe(200);
      expect(res.headers['content-type']).toMatch(/^text\/csv; charset=utf-8/);
      // Every cell begins with a letter, a figure, or the mark that makes text of the rest.
      expect(res.text).toContain(`'${name}`.replaceAll('"', '""'));
      expect(res.text).not.toMatch(/(^|,)"?[=+@\t＝＋－＠]/m);
    },
  );
});
