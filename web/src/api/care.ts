/** Calls of customer care: a rental's money, messages and photos, reviews, disputes. */
import { askFor, fetchFile, type Query, send, sendFile, type Token } from "./operator";
import type { components } from "./schema";
import type { Photo, Rental, RentalMessage, RentalPhotos } from "./types";

type Schemas = components["schemas"];

export type CounterPayment = Schemas["CounterPayment"];
export type Settled = Schemas["Settled"];
export type HandedBack = Schemas["HandedBack"];
export type Goodwill = Schemas["Goodwill"];
export type ChargeLine = Schemas["ChargeLine"];
export type ChargePurpose = ChargeLine["purpose"];
export type Charged = Schemas["Charged"];
export type Deposit = Schemas["Deposit"];
export type DepositRequest = Schemas["DepositRequest"];
export type WaitingPage = Schemas["WaitingPage"];
export type WaitingThread = Schemas["WaitingThread"];
export type ModeratedReview = Schemas["ModeratedReview"];
export type ModerationPage = Schemas["ModerationPage"];
export type Dispute = Schemas["Dispute"];
export type DisputePage = Schemas["DisputePage"];
export type AuditEntry = Schemas["AuditEntry"];
export type AuditPage = Schemas["AuditPage"];
export type PhotoKind = Photo["kind"];

const rentalPath = (reference: string, what: string) =>
  `/rentals/${encodeURIComponent(reference)}${what}`;
const operatorPath = (reference: string, what: string) =>
  `/operator${rentalPath(reference, what)}`;

export const readRentalAsOperator = (token: Token, reference: string, signal: AbortSignal) =>
  askFor<Rental>(token, rentalPath(reference, ""), {}, signal);

// --- money ---------------------------------------------------------------------------------------

export const takePayment = (
  token: Token,
  reference: string,
  payment: CounterPayment,
  key: string,
) => send<Settled>(token, "POST", operatorPath(reference, "/payments"), payment, key);

export const handBack = (token: Token, reference: string, payment: CounterPayment, key: string) =>
  send<HandedBack>(token, "POST", operatorPath(reference, "/returned-payments"), payment, key);

export const giveGoodwill = (token: Token, reference: string, goodwill: Goodwill, key: string) =>
  send<Settled>(token, "POST", operatorPath(reference, "/refunds"), goodwill, key);

export const addCharges = (token: Token, reference: string, lines: ChargeLine[], key: string) =>
  send<Charged>(token, "POST", operatorPath(reference, "/charges"), { lines }, key);

/** The same again changes nothing: it needs no key. */
export const settleDeposit = (token: Token, reference: string, request: DepositRequest) =>
  send<Deposit>(token, "PUT", operatorPath(reference, "/deposit"), request);

// --- messages ------------------------------------------------------------------------------------

export async function readThread(
  token: Token,
  reference: string,
  signal: AbortSignal,
): Promise<RentalMessage[]> {
  const path = rentalPath(reference, "/messages");
  return (await askFor<Schemas["Thread"]>(token, path, {}, signal)).messages;
}

export const answerMessage = (token: Token, reference: string, text: string) =>
  send<RentalMessage>(token, "POST", operatorPath(reference, "/messages"), { text });

export const settleMessages = (token: Token, reference: string) =>
  send<Schemas["ThreadSettled"]>(token, "POST", operatorPath(reference, "/messages/settled"));

export const listWaiting = (token: Token, query: Query, signal: AbortSignal) =>
  askFor<WaitingPage>(token, "/operator/messages", query, signal);

// --- photos --------------------------------------------------------------------------------------

export const listPhotos = (token: Token, reference: string, signal: AbortSignal) =>
  askFor<RentalPhotos>(token, rentalPath(reference, "/photos"), {}, signal);

export const fetchPhoto = (token: Token, reference: string, id: string) =>
  fetchFile(token, rentalPath(reference, `/photos/${encodeURIComponent(id)}`), {}, "image/jpeg");

/** The same photo again is the same photo: it needs no key. */
export const addPhoto = (token: Token, reference: string, photo: Blob, about: Query) =>
  sendFile<Photo>(token, operatorPath(reference, "/photos"), about, photo);

export const discardPhoto = (token: Token, reference: string, id: string, reason: string) =>
  send<Schemas["PhotoDiscarded"]>(
    token,
    "POST",
    operatorPath(reference, `/photos/${encodeURIComponent(id)}/discard`),
    { reason },
  );

// --- reviews, disputes, audit --------------------------------------------------------------------

export const listComments = (token: Token, query: Query, signal: AbortSignal) =>
  askFor<ModerationPage>(token, "/operator/reviews", query, signal);

export const approveComment = (token: Token, id: string) =>
  send<ModeratedReview>(token, "POST", `/operator/reviews/${encodeURIComponent(id)}/approve`);

export const rejectComment = (token: Token, id: string, reason: string) =>
  send<ModeratedReview>(token, "POST", `/operator/reviews/${encodeURIComponent(id)}/reject`, {
    reason,
  });

export const listDisputes = (token: Token, query: Query, signal: AbortSignal) =>
  askFor<DisputePage>(token, "/operator/disputes", query, signal);

export const listAudit = (token: Token, query: Query, signal: AbortSignal) =>
  askFor<AuditPage>(token, "/operator/audit", query, signal);
