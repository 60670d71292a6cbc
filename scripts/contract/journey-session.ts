import { keep, type Journey, type Step } from './journey-step.ts';

const credentials = { email: '{{personEmail}}', password: '{{demoPassword}}' };
const isRefused = (code: string) => `pm.expect(answer.error.code).to.equal('${code}');`;

const steps: readonly Step[] = [
  {
    title: 'A person signs up, and this device is known',
    operationId: 'signUp',
    actor: 'anybody',
    before: [keep('personEmail', '`session-${Date.now()}@customer.example`')],
    body: { ...credentials, name: 'Asha Rao' },
    status: 201,
    after: [
      keep('bearerToken', 'answer.accessToken'),
      keep('refreshToken', 'answer.refreshToken'),
      keep('deviceToken', "pm.response.headers.get('X-Device-Token')"),
      "pm.expect(pm.environment.get('deviceToken')).to.be.a('string');",
    ],
  },
  {
    title: 'asks who it is, with a token that the collection keeps fresh',
    operationId: 'getMe',
    actor: 'bearer',
    status: 200,
    after: ["pm.expect(answer.email).to.equal(pm.environment.get('personEmail'));"],
  },
  {
    title: 'changes the refresh token for new tokens',
    operationId: 'refresh',
    actor: 'anybody',
    before: [keep('spentToken', "pm.environment.get('refreshToken')")],
    body: { refreshToken: '{{refreshToken}}' },
    status: 200,
    after: [keep('bearerToken', 'answer.accessToken'), keep('refreshToken', 'answer.refreshToken')],
  },
  {
    title: 'sends the spent one again, as after a lost answer, and gets the same child',
    operationId: 'refresh',
    actor: 'anybody',
    body: { refreshToken: '{{spentToken}}' },
    status: 200,
    after: ["pm.expect(answer.refreshToken).to.equal(pm.environment.get('refreshToken'));"],
  },
  {
    title: 'logs in on another device',
    operationId: 'logIn',
    actor: 'anybody',
    body: credentials,
    status: 200,
    after: [keep('otherRefreshToken', 'answer.refreshToken')],
  },
  {
    title: 'sees both',
    operationId: 'listSessions',
    actor: 'bearer',
    status: 200,
    after: [
      'const other = answer.data.find(({ isCurrent }) => !isCurrent);',
      'pm.expect(answer.data).to.have.lengthOf(2);',
      keep('otherSessionId', 'other.id'),
    ],
  },
  {
    title: 'ends the other one',
    operationId: 'endSession',
    actor: 'bearer',
    path: { sessionId: '{{otherSessionId}}' },
    status: 204,
  },
  {
    title: 'whose refresh token is worth nothing any more',
    operationId: 'refresh',
    actor: 'anybody',
    body: { refreshToken: '{{otherRefreshToken}}' },
    status: 401,
    after: [isRefused('refresh_token_invalid')],
  },
  { title: 'logs out everywhere', operationId: 'logOutEverywhere', actor: 'bearer', status: 204 },
  {
    title: 'and its access token is dead at once',
    operationId: 'getMe',
    actor: 'bearer',
    before: ["pm.environment.unset('refreshToken');"],
    status: 401,
    after: [isRefused('token_invalid')],
  },
];

export const sessionJourney: Journey = {
  name: 'The life of a session',
  description:
    'Sign-up, refresh, a lost answer, two devices, and the end of both: run the folder from top to bottom against a running demo.',
  steps,
};
