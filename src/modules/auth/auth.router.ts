import cookieParser from 'cookie-parser';
import { createRouter, publicRoute, rateLimit, rateLimitBy } from '../../http/index.ts';
import { logIn, logOut, refresh, signUp } from './auth.controller.ts';
import { logInTarget } from './log-in-limits.ts';

export const authRouter = createRouter();

// Refresh token and device of a browser in cookie mode. Nowhere else does a cookie mean anything.
authRouter.use('/auth', cookieParser());

authRouter.post('/auth/signup', publicRoute, rateLimit('signup'), signUp);
authRouter.post('/auth/login', publicRoute, rateLimit('login'), rateLimitBy('loginTarget', logInTarget), logIn);
authRouter.post('/auth/refresh', publicRoute, rateLimit('refresh'), refresh);
authRouter.post('/auth/logout', publicRoute, rateLimit('refresh'), logOut);
