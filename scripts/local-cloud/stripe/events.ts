import type { Handler } from './call.ts';
import { missing } from './errors.ts';
import { answerList, pageParams } from './lists.ts';
import { optional, readParams, text, textList } from './params.ts';
import { answerWith } from './present.ts';

export const retrieveEvent: Handler = (call) => {
  readParams(call.form, {});
  const event = call.book.find('event', call.pathId);
  if (event === null) throw missing('event', call.pathId);
  return answerWith(call, event);
};

export const listEvents: Handler = (call) => {
  const page = readParams(call.form, { ...pageParams, type: optional(text), types: optional(textList) });
  const types = page.type === undefined ? page.types : [page.type];
  return answerList(call, '/v1/events', { all: call.book.list('event', { types }), page });
};
