/** The parts of the API's answers that the play reads. */
export interface Money {
  amount: number;
  currency: string;
}

export interface Session {
  accessToken: string;
  refreshToken: string;
  user: { id: string; email: string; name: string };
}

export interface RestaurantList {
  data: { id: string; name: string; distanceMeters?: number | null }[];
}

export interface Menu {
  categories: { name: string; items: MenuItem[] }[];
}

export interface MenuItem {
  id: string;
  name: string;
  price: Money;
  isAvailable: boolean;
  optionGroups: { minSelect: number; options: { id: string; name: string; isAvailable: boolean }[] }[];
}

export interface Quote {
  id: string;
  pricing: { total: Money };
  expiresAt: string;
}

export interface Order {
  id: string;
  number: string;
  status: string;
  payment: { id: string; status: string };
}

export interface PlacedOrder extends Order {
  payment: Order['payment'] & { amount: Money; clientSecret: string | null; publishableKey: string };
}

export interface Assignment {
  deliveryId: string;
  status: string;
}

export interface Delivery {
  id: string;
  orderId: string;
  status: string;
  handoverCode: string | null;
  pickup: { location: { lat: number; lng: number } };
  dropoff: { location: { lat: number; lng: number } };
}

export interface Tracking {
  deliveryStatus: string | null;
  courier: { name: string } | null;
  deliveryPin: string | null;
}

export interface EventPage {
  data: { seq: number; type: string }[];
}

export function price({ amount, currency }: Money): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}
