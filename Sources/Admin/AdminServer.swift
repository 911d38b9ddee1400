import Hummingbird
import CoreMetrics
