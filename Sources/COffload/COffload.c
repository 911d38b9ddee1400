#include "COffload.h"
