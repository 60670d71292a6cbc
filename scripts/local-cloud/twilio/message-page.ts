import { presentMessage, type StoredSms } from './message.ts';

const MAX_PAGE_SIZE = 1000;

/** One page of the list, newest first, with the addresses by which the SDK goes on. */
export function messagePage(all: readonly StoredSms[], { url, accountSid }: { url: URL; accountSid: string }): object {
  const wanted = { to: url.searchParams.get('To'), from: url.searchParams.get('From') };
  const fitting = all.filter(({ to, from }) => (wanted.to ?? to) === to && (wanted.from ?? from) === from);
  const size = Math.min(wholeNumber(url, 'PageSize', 50) || 50, MAX_PAGE_SIZE);
  const page = wholeNumber(url, 'Page', 0);
  const start = page * size;
  const shown = fitting.slice(start, start + size);
  const hasMore = start + size < fitting.length;
  return {
    messages: shown.map((message) => presentMessage(message, accountSid, 'delivered')),
    page,
    page_size: size,
    start,
    end: start + Math.max(0, shown.length - 1),
    uri: `${url.pathname}${url.search}`,
    first_page_uri: uriOf(url, 0, size),
    next_page_uri: hasMore ? uriOf(url, page + 1, size) : null,
    previous_page_uri: page > 0 ? uriOf(url, page - 1, size) : null,
  };
}

function uriOf(url: URL, page: number, size: number): string {
  const search = new URLSearchParams(url.searchParams);
  search.set('Page', String(page));
  search.set('PageSize', String(size));
  return `${url.pathname}?${search.toString()}`;
}

function wholeNumber(url: URL, name: string, fallback: number): number {
  const text = url.searchParams.get(name);
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : fallback;
}
