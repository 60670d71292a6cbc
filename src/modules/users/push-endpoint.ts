/**
 * Whether a Web Push endpoint may be called: https, no user, the usual port, and a host of a known push service. The name alone
 * decides and no socket is opened: a name that a stranger controls can point anywhere a moment later (bar.md case 45), so only names
 * that belong to the makers of browsers are taken.
 */
export function isPushEndpoint(text: string, services: readonly string[]): boolean {
  const url = URL.parse(text);
  if (url === null || hasHiddenPart(text)) return false;
  const isPlain = url.protocol === 'https:' && url.username === '' && url.password === '' && url.port === '';
  return isPlain && services.some((service) => isUnder(url.hostname, service));
}

/** What the URL parser forgives, and another one might read as the beginning of another host. */
function hasHiddenPart(text: string): boolean {
  return !text.startsWith('https://') || /[^\x21-\x7e]|[\\@#]/.test(text);
}

/** A service that begins with a dot takes every name under it. */
function isUnder(hostname: string, service: string): boolean {
  return service.startsWith('.') ? hostname.endsWith(service) && hostname !== service : hostname === service;
}
