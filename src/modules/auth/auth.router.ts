import { createRouter, publicRoute, rateLimit } from '../../http/index.ts';
import { logIn, logOut, refresh, signUp } from './auth.controller.ts';

export const authRouter = createRouter();

authRouter.post('/auth/signup', publicRoute, rateLimit('signup'), signUp);
authRouter.post('/auth/login', publicRoute, rateLimit('login'), logIn);
authRouter.post('/auth/refresh', publicRoute, rateLimit('refresh'), refresh);
authRouter.post('/auth/logout', publicRoute, rateLimit('refresh'), logOut);
