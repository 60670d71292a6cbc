/** T9 has come, and the customer has not reviewed the order: `{ orderId, seq }`. */
export const REVIEW_INVITED = 'review.invited';
/** A customer has said something about an order: `{ reviewId, orderId, restaurantId }`. */
export const REVIEW_POSTED = 'review.posted';
/** The restaurant has answered: `{ reviewId }`. */
export const REVIEW_ANSWERED = 'review.answered';
