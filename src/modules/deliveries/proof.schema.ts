import { z } from 'zod';
import { defineRoute, idSchema } from '../../http/index.ts';
import { attachBodySchema, attachedImageSchema } from '../images/index.ts';

export const setDeliveryProofRoute = defineRoute({
  method: 'put',
  path: '/deliveries/{deliveryId}/proof',
  operationId: 'setDeliveryProof',
  tag: 'Courier',
  summary: 'A picture of the food at the door, from your arrival until a day after',
  auth: 'delivery.carry',
  request: { params: z.strictObject({ deliveryId: idSchema }), body: attachBodySchema },
  responses: { 200: attachedImageSchema },
  errors: ['not_found', 'invalid_transition', 'image_unusable', 'image_not_found'],
});
