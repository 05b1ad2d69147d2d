/** Short names for the API's models, all derived from the generated OpenAPI schema. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Money = Schemas["Money"];
export type Branch = Schemas["Branch"];
export type CarClass = Schemas["CarClass"];
export type Offer = Schemas["Offer"];
export type Offers = Schemas["Offers"];
export type PromoAnswer = Schemas["PromoAnswer"];
export type Alternative = Schemas["Alternative"];
export type Price = Schemas["Price"];
export type PriceLine = Schemas["PriceLine"];
export type ExtraOffer = Schemas["ExtraOffer"];
export type CoverageOffer = Schemas["CoverageOffer"];
export type CancellationPolicy = Schemas["CancellationPolicy"];
export type Driver = Schemas["Driver"];
export type BillingAddress = Schemas["BillingAddress"];
export type PaymentChoice = Schemas["PaymentChoice"];
export type PaymentMethod = PaymentChoice["method"];
export type RentalRequest = Schemas["RentalRequest"];
export type RentalAccepted = Schemas["RentalAccepted"];
export type Rental = Schemas["Rental"];
export type RentalPayment = Schemas["RentalPayment"];
export type RentalStatus = Schemas["RentalStatus"];
export type Stop = Schemas["Stop"];
export type RentalDocument = Schemas["RentalDocument"];
export type SignatureRequest = Schemas["SignatureRequest"];
export type TimelineEvent = Schemas["TimelineEvent"];
export type Cancellation = Schemas["Cancellation"];
export type PaymentRetried = Schemas["PaymentRetried"];
export type RentalMessage = Schemas["RentalMessage"];
export type Reviewing = Schemas["Reviewing"];
export type OwnReview = Schemas["OwnReview"];
export type ReviewRequest = Schemas["ReviewRequest"];
export type Features = Schemas["Features"];
export type ProblemDetails = Schemas["ProblemDetails"];
export type ProblemError = Schemas["ProblemError"];
