import type { Rule } from "../pass.ts";
import { analyse } from "./analyse.ts";
import { beginInitialization } from "./begin-initialization.ts";
import { cancelWhenReverted } from "./cancel-when-reverted.ts";
import { consumeRequests } from "./consume-requests.ts";
import { failPromotion } from "./fail-promotion.ts";
import { finaliseAfterInterval } from "./finalise-after-interval.ts";
import { finalizeDeletion } from "./finalize-deletion.ts";
import { finishAfterRun } from "./finish-after-run.ts";
import { holdPromotionWhenBusIsDown } from "./hold-promotion-when-bus-is-down.ts";
import { holdWhenSuspended } from "./hold-when-suspended.ts";
import { holdWithoutTarget } from "./hold-without-target.ts";
import { initialize } from "./initialize.ts";
import { keepFinalizer } from "./keep-finalizer.ts";
import { promoteOnRequest } from "./promote-on-request.ts";
import { promoteToPrimary } from "./promote-to-primary.ts";
import { repairAutoscaler } from "./repair-autoscaler.ts";
import { repairPrimary } from "./repair-primary.ts";
import { repairRouters } from "./repair-routers.ts";
import { repairServices } from "./repair-services.ts";
import { restartOnNewRevision } from "./restart-on-new-revision.ts";
import { restoreRoutes } from "./restore-routes.ts";
import { rollBack } from "./roll-back.ts";
import { rollBackOnDeadline } from "./roll-back-on-deadline.ts";
import { rollBackOnFailedChecks } from "./roll-back-on-failed-checks.ts";
import { rollBackOnUnknown } from "./roll-back-on-unknown.ts";
import { routeBackToPrimary } from "./route-back-to-primary.ts";
import { startRun } from "./start-run.ts";
import { stopWaiting } from "./stop-waiting.ts";
import { switchFlags } from "./switch-flags.ts";
import { waitForCanary } from "./wait-for-canary.ts";
import { rollBackWithDependency, waitForDependencies } from "./wait-for-dependencies.ts";
import { waitForPrimary } from "./wait-for-primary.ts";

/**
 * The specification in order: the first rule with something to say decides the pass. What ends or takes traffic off a
 * canary comes before what repairs, what repairs before what advances.
 */
export const rules: readonly Rule[] = [
  finalizeDeletion,
  holdWhenSuspended,
  keepFinalizer,
  beginInitialization,
  repairPrimary,
  rollBack,
  consumeRequests,
  holdWithoutTarget,
  initialize,
  finishAfterRun,
  failPromotion,
  cancelWhenReverted,
  rollBackOnFailedChecks,
  rollBackOnUnknown,
  rollBackOnDeadline,
  rollBackWithDependency,
  repairServices,
  repairRouters,
  repairAutoscaler,
  switchFlags,
  restartOnNewRevision,
  stopWaiting,
  holdPromotionWhenBusIsDown,
  waitForPrimary,
  waitForDependencies,
  startRun,
  waitForCanary,
  restoreRoutes,
  promoteOnRequest,
  promoteToPrimary,
  routeBackToPrimary,
  finaliseAfterInterval,
  analyse,
];
